import { aggregatorMetrics } from "@slipstream/conventions";
import type { MetricFamily } from "@slipstream/exposition";
import { type Saved, SavedFields } from "@slipstream/stats";
import { FRESH_MS } from "./boundaries.ts";
import type { SelfBatch, StatisticValue } from "./model.ts";
import type { Part } from "./parts/part.ts";
import { gauge } from "./statistics/ratio-families.ts";
import type { Entry } from "./statistics/statistic.ts";

const WINDOW_SECONDS = FRESH_MS / 1_000;
const SILENT = `the aggregator has not reported it in the last ${WINDOW_SECONDS} s`;

/** What this tells: names of statistics, of which one is also something that happens. */
export const OWN_HEALTH: ReadonlySet<string> = new Set([
  "sink_up",
  "sink_lag_seconds",
  "blocks_readable",
  "log_used",
  "disk_free",
  "benchmark_results",
]);

/** Statistics that go by receipt: a tick, or what the aggregator reports of itself, changes them without any event. */
export const BY_RECEIPT: ReadonlySet<string> = new Set([
  ...OWN_HEALTH,
  "service_silent_seconds",
  "canary_seconds",
  "canary_up",
]);

type Value = Pick<StatisticValue, "value" | "reason">;

/**
 * What the aggregator reports of itself: its sinks, the blocks that it reads, its log and its disk. A report holds for a minute of
 * receipt.
 */
export class OwnHealth implements Part {
  #newest: SelfBatch | undefined;
  #receivedMs: number = Number.NEGATIVE_INFINITY;

  take(report: SelfBatch, receivedMs: number): void {
    this.#newest = report;
    this.#receivedMs = Math.max(this.#receivedMs, receivedMs);
  }

  /** Benchmarks of which there are results; undefined if nobody reported them. */
  get benchmarks(): number | undefined {
    return this.#newest?.benchmarks ?? undefined;
  }

  /** @param nowMs receipt of the newest record */
  read(nowMs: number): Record<string, Entry> {
    const report = this.#reportAt(nowMs);
    const { sinks = [], blocksReadable, log, disk, benchmarks } = report ?? {};
    const single = (unit: string, { value, reason }: Value): StatisticValue => {
      const entry = { value, unit, count: value === null ? 0 : 1, windowSeconds: WINDOW_SECONDS };
      return reason === undefined ? entry : { ...entry, reason };
    };
    const unless = (missing: string): string => (report === undefined ? SILENT : missing);
    return {
      sink_up: {
        series: sinks.map(({ name, up }) => ({
          labels: { sink: name },
          ...single("state", upOrDown(up, "nothing has been written to it yet")),
        })),
      },
      sink_lag_seconds: {
        series: sinks.map(({ name, lagSeconds }) => ({
          labels: { sink: name },
          ...single("s", known(lagSeconds, "nothing has been written to it yet")),
        })),
      },
      blocks_readable: single(
        "state",
        upOrDown(blocksReadable ?? null, unless("no block has been read yet")),
      ),
      log_used: single("%", known(percentOf(log?.bytes, log?.mostBytes), unless("the log has no bound"))),
      disk_free: single("%", known(percentOf(disk?.freeBytes, disk?.bytes), unless("the disk does not say"))),
      benchmark_results: single("results", known(benchmarks, unless("no benchmark was run"))),
    };
  }

  /** How full its log and its disk are. @param nowMs receipt of the newest record */
  collect(nowMs: number): MetricFamily[] {
    const { log, disk } = this.#reportAt(nowMs) ?? {};
    return [
      gauge(aggregatorMetrics.logUsed, ratioOf(log?.bytes, log?.mostBytes)),
      gauge(aggregatorMetrics.diskFree, ratioOf(disk?.freeBytes, disk?.bytes)),
    ];
  }

  save(): Saved {
    return { receivedMs: this.#receivedMs, report: this.#newest === undefined ? null : saved(this.#newest) };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("a saved report of the aggregator", saved);
    this.#receivedMs = fields.number("receivedMs");
    const report = fields.any("report");
    this.#newest = report === null ? undefined : reportOf(report);
  }

  #reportAt(nowMs: number): SelfBatch | undefined {
    return nowMs - this.#receivedMs <= FRESH_MS ? this.#newest : undefined;
  }
}

function saved({ sinks, blocksReadable, log, disk, benchmarks }: SelfBatch): Saved {
  return { sinks: sinks.map((sink) => ({ ...sink })), blocksReadable, log, disk, benchmarks };
}

/** @throws TypeError if it is no saved report */
function reportOf(saved: Saved): SelfBatch {
  const fields = new SavedFields("a saved report of the aggregator", saved);
  const sinks = fields.list("sinks").map((each) => {
    const sink = new SavedFields("a saved sink", each);
    return {
      name: sink.text("name"),
      up: flag(sink, "up"),
      lagSeconds: sink.optionalNumber("lagSeconds") ?? null,
    };
  });
  const pair = <A extends string, B extends string>(
    name: string,
    a: A,
    b: B,
  ): Record<A | B, number> | null => {
    if (fields.any(name) === null) return null;
    const both = new SavedFields(`a saved report's ${name}`, fields.any(name));
    return { [a]: both.number(a), [b]: both.number(b) } as Record<A | B, number>;
  };
  return {
    kind: "self",
    sinks,
    blocksReadable: flag(fields, "blocksReadable"),
    log: pair("log", "bytes", "mostBytes"),
    disk: pair("disk", "bytes", "freeBytes"),
    benchmarks: fields.optionalNumber("benchmarks") ?? null,
  };
}

function flag(fields: SavedFields, name: string): boolean | null {
  return fields.any(name) === null ? null : fields.boolean(name);
}

function upOrDown(up: boolean | null, missing: string): Value {
  return up === null ? { value: null, reason: missing } : { value: up ? "up" : "down" };
}

function known(value: number | null | undefined, missing: string): Value {
  return value === null || value === undefined ? { value: null, reason: missing } : { value };
}

function ratioOf(part: number | undefined, whole: number | undefined): number | undefined {
  return part === undefined || !whole ? undefined : part / whole;
}

function percentOf(part: number | undefined, whole: number | undefined): number | undefined {
  return part === undefined || !whole ? undefined : (100 * part) / whole;
}
