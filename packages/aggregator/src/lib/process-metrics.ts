import { readdirSync, readFileSync } from "node:fs";
import { constants, monitorEventLoopDelay, PerformanceObserver } from "node:perf_hooks";
import { processMetrics, VERSION } from "@slipstream/conventions";
import { gauge } from "@slipstream/engine";
import type { HistogramSample, MetricFamily, MetricSource } from "@slipstream/exposition";

/** A source that measures until it is closed. */
export interface MeasuringSource extends MetricSource {
  close(): void;
}

/**
 * Time between two looks at the event loop, ms. Node counts it as a part of each delay. Each look wakes the process: with Node's
 * default of 10 ms they took a fifth of all CPU time at 100 trades a second.
 */
const RESOLUTION_MS = 100;
const LAG_MS = 1_000;

/** What the aggregator's process takes: memory, CPU time, event loop, garbage collection; and which version it is. */
export function processSource(): MeasuringSource {
  const startSeconds = performance.timeOrigin / 1_000;
  const eventLoop = observeEventLoop();
  const collections = observeCollections();
  return {
    collect: () => {
      const { user, system } = process.cpuUsage();
      const { heapTotal, heapUsed, external, rss } = process.memoryUsage();
      return [
        ...versions,
        gauge(processMetrics.cpuUser, user / 1e6),
        gauge(processMetrics.cpuSystem, system / 1e6),
        gauge(processMetrics.cpu, (user + system) / 1e6),
        gauge(processMetrics.startTime, startSeconds),
        gauge(processMetrics.residentMemory, rss),
        gauge(processMetrics.virtualMemory, virtualMemoryBytes()),
        gauge(processMetrics.openFiles, openFiles()),
        gauge(processMetrics.maxFiles, maxFiles()),
        gauge(processMetrics.heapTotal, heapTotal),
        gauge(processMetrics.heapUsed, heapUsed),
        gauge(processMetrics.externalMemory, external),
        ...eventLoop.read(),
        { definition: processMetrics.gcDuration, histograms: collections.read() },
      ];
    },
    close: () => {
      eventLoop.close();
      collections.close();
    },
  };
}

const [major = "", minor = "", patch = ""] = process.versions.node.split(".");
const versions: readonly MetricFamily[] = [
  { definition: processMetrics.buildInfo, samples: [{ labels: { version: VERSION }, value: 1 }] },
  {
    definition: processMetrics.nodeVersion,
    samples: [{ labels: { version: process.version, major, minor, patch }, value: 1 }],
  },
];

function observeEventLoop(): { read(): readonly MetricFamily[]; close(): void } {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  let lagSeconds: number | undefined;
  let dueMs = performance.now() + LAG_MS;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    lagSeconds = Math.max(0, nowMs - dueMs) / 1_000;
    dueMs = nowMs + LAG_MS;
  }, LAG_MS);
  timer.unref();
  const seconds = (nanoseconds: number): number | undefined =>
    delays.count === 0 ? undefined : Math.max(0, nanoseconds / 1e9 - RESOLUTION_MS / 1_000);
  return {
    read: () => {
      const families = [
        gauge(processMetrics.eventLoopLag, lagSeconds),
        gauge(processMetrics.eventLoopLagMin, seconds(delays.min)),
        gauge(processMetrics.eventLoopLagMax, seconds(delays.max)),
        gauge(processMetrics.eventLoopLagMean, seconds(delays.mean)),
        gauge(processMetrics.eventLoopLagStddev, delays.count === 0 ? undefined : delays.stddev / 1e9),
        gauge(processMetrics.eventLoopLagP50, seconds(delays.percentile(50))),
        gauge(processMetrics.eventLoopLagP90, seconds(delays.percentile(90))),
        gauge(processMetrics.eventLoopLagP99, seconds(delays.percentile(99))),
      ];
      delays.reset();
      return families;
    },
    close: () => {
      clearInterval(timer);
      delays.disable();
    },
  };
}

const kinds: ReadonlyMap<number, string> = new Map([
  [constants.NODE_PERFORMANCE_GC_MAJOR, "major"],
  [constants.NODE_PERFORMANCE_GC_MINOR, "minor"],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, "incremental"],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, "weakcb"],
]);

function observeCollections(): { read(): readonly HistogramSample[]; close(): void } {
  const { buckets } = processMetrics.gcDuration;
  const byKind = new Map(
    [...kinds.values()].map((kind) => [kind, { counts: [...buckets, 0].fill(0), sum: 0 }]),
  );
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { duration, detail } = entry as typeof entry & { detail: unknown };
      const counted = byKind.get(kinds.get((detail as { kind?: number }).kind ?? -1) ?? "");
      if (counted === undefined) continue;
      const bucket = buckets.findIndex((upper) => duration / 1_000 <= upper);
      const index = bucket < 0 ? buckets.length : bucket;
      counted.counts[index] = (counted.counts[index] ?? 0) + 1;
      counted.sum += duration / 1_000;
    }
  });
  observer.observe({ entryTypes: ["gc"] });
  return {
    read: () =>
      [...byKind].map(([kind, { counts, sum }]) => ({ labels: { kind }, counts: [...counts], sum })),
    close: () => observer.disconnect(),
  };
}

function virtualMemoryBytes(): number | undefined {
  const kib = /^VmSize:\s+(\d+) kB$/m.exec(readProc("status"))?.[1];
  return kib === undefined ? undefined : Number(kib) * 1_024;
}

function openFiles(): number | undefined {
  try {
    // One of them is open for this look.
    return readdirSync("/proc/self/fd").length - 1;
  } catch {
    return undefined;
  }
}

/** How many files the process may have open; undefined if it is not limited or not known. */
export function maxFiles(): number | undefined {
  const limit = /^Max open files\s+(\d+)/m.exec(readProc("limits"))?.[1];
  return limit === undefined ? undefined : Number(limit);
}

/** Empty on systems without it. */
function readProc(file: string): string {
  try {
    return readFileSync(`/proc/self/${file}`, "utf8");
  } catch {
    return "";
  }
}
