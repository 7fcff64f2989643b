import { statfs } from "node:fs/promises";
import type { SelfBatch } from "@slipstream/engine";
import { IN_MEMORY } from "../data-folder.ts";
import type { Log } from "../log/log.ts";
import { newRecord } from "../log/records/record-kind.ts";
import { self } from "../log/records/self.ts";
import { lagSecondsOf, type Sink } from "../sinks/sink.ts";
import type { Journal } from "./journal.ts";

export interface Reporter {
  stop(): void;
}

export interface ReporterOptions {
  readonly commit: Journal["commit"];
  readonly sinks: readonly Sink[];
  readonly log: Pick<Log, "bytes">;
  /** Folder of the log and the state, or `IN_MEMORY`. */
  readonly dataDir: string;
  /** Bytes that the log may take. */
  readonly maxLogBytes: number;
  /** Event time of the newest instant published, Unix ms; undefined before the first. */
  readonly publishedMs: () => number | undefined;
  /** Unix ms. */
  readonly now: () => number;
}

const LOOK_MS = 1_000;
/** Reports hold for a minute, so one may fail. */
const REPORT_MS = 15_000;
/** Shown among the sinks; whether it reads blocks is reported by itself. */
const WATCHER = "watcher";

type Report = Omit<SelfBatch, "kind">;

/**
 * Appends a record of what the aggregator sees of itself: at once if a sink or the source of blocks fails or works again, else
 * every 15 s. So alerts about it are made by the log alone, as all others are.
 */
export function startReporter(options: ReporterOptions): Reporter {
  let isUnderWay = false;
  let reportedMs = Number.NEGATIVE_INFINITY;
  let reported = "";
  let disk: Report["disk"] = null;
  let isDiskAsked = false;

  /** A disk that does not answer keeps nothing waiting: what is known of it goes after a report. */
  const askDisk = (): void => {
    if (options.dataDir === IN_MEMORY || isDiskAsked) return;
    isDiskAsked = true;
    statfs(options.dataDir)
      .then(
        ({ blocks, bavail, bsize }) => {
          disk = { bytes: blocks * bsize, freeBytes: bavail * bsize };
        },
        () => {
          disk = null;
        },
      )
      .finally(() => {
        isDiskAsked = false;
      });
  };

  const look = async (): Promise<void> => {
    if (isUnderWay) return;
    const report = reportOf(options, isDiskAsked ? null : disk);
    const states = JSON.stringify([report.sinks.map(({ name, up }) => [name, up]), report.blocksReadable]);
    if (states === reported && performance.now() - reportedMs < REPORT_MS) return;
    isUnderWay = true;
    try {
      await options.commit(newRecord(self, options.now(), report));
      reported = states;
      reportedMs = performance.now();
    } catch {
      // /readyz says why the log takes nothing.
    } finally {
      isUnderWay = false;
      askDisk();
    }
  };

  askDisk();
  const timer = setInterval(() => void look(), LOOK_MS);
  return { stop: () => clearInterval(timer) };
}

function reportOf({ sinks, log, maxLogBytes, publishedMs }: ReporterOptions, disk: Report["disk"]): Report {
  const watcher = sinks.find(({ name }) => name === WATCHER);
  return {
    sinks: sinks
      .filter(({ name }) => name !== WATCHER)
      .map((sink) => {
        const status = sink.status();
        return { name: sink.name, up: status.up, lagSeconds: lagSecondsOf(status, publishedMs()) ?? null };
      }),
    blocksReadable: watcher?.status().up ?? null,
    log: { bytes: log.bytes, mostBytes: maxLogBytes },
    disk,
    benchmarks: null,
  };
}
