// Loaded into the aggregator by `node --import`: measures its main thread's event loop and tells it over IPC when asked.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { isMainThread } from "node:worker_threads";
import type { LoopDelay } from "./messages.ts";

const RESOLUTION_MS = 1;
const NANOS_PER_MS = 1e6;

if (isMainThread && process.send !== undefined) {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  // What is recorded is the time between two runs of a timer: its own period is no delay.
  const delayMs = (nanos: number): number => Math.max(0, nanos / NANOS_PER_MS - RESOLUTION_MS);
  process.on("message", () => {
    const delay: LoopDelay = {
      p50: delayMs(histogram.percentile(50)),
      p99: delayMs(histogram.percentile(99)),
      max: delayMs(histogram.max),
    };
    histogram.reset();
    process.send?.(delay);
  });
  // The aggregator must end as it would without the probe.
  process.channel?.unref();
}
