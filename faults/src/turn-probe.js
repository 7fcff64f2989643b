import { appendFileSync } from "node:fs";
import { PerformanceObserver } from "node:perf_hooks";
import { isMainThread } from "node:worker_threads";

/*
 * Loaded into an aggregator with --import. Writes each second how long its main thread was kept from everything else, as a line
 * of JSON in the file TURN_PROBE_FILE: `{atMs, turnMs, gcMs}`, the longest turn without garbage collection, and the longest
 * collection.
 *
 * A turn is as long as a timer is late, but no longer than the thread computed meanwhile: what other programs on the machine take
 * does not count.
 */
const EVERY_MS = 2;
const REPORT_MS = 1_000;
/** Shorter ones are not looked at. */
const LEAST_MS = 4;

const { TURN_PROBE_FILE: file } = process.env;

if (isMainThread && file !== undefined) {
  let turns = [];
  const collections = [];
  new PerformanceObserver((list) => collections.push(...list.getEntries())).observe({ type: "gc" });

  let fromMs = performance.now();
  let usedMs = threadMs();
  setInterval(() => {
    const toMs = performance.now();
    const used = threadMs();
    const turnMs = Math.min(toMs - fromMs - EVERY_MS, used - usedMs);
    if (turnMs > LEAST_MS) turns.push({ fromMs, toMs, turnMs });
    fromMs = performance.now();
    usedMs = threadMs();
  }, EVERY_MS).unref();

  setInterval(() => {
    const longest = turns.map((turn) => turn.turnMs - collectedMs(turn));
    const gcMs = Math.max(0, ...collections.map(({ duration }) => duration));
    appendFileSync(file, `${JSON.stringify({ atMs: Date.now(), turnMs: Math.max(0, ...longest), gcMs })}\n`);
    turns = [];
    collections.length = 0;
  }, REPORT_MS).unref();

  /** How much of a turn went into garbage collection, ms. */
  function collectedMs({ fromMs, toMs }) {
    return collections
      .filter(({ startTime, duration }) => startTime < toMs && startTime + duration > fromMs)
      .reduce((sum, { duration }) => sum + duration, 0);
  }

  /** CPU time of this thread, ms. */
  function threadMs() {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1_000;
  }
}
