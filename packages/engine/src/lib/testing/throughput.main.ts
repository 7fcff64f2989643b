/**
 * Spans that the engine applies in a second of one core's time, decoding not counted:
 * node --conditions=slipstream-source packages/engine/src/lib/testing/throughput.main.ts [SPANS]
 */
import { Engine } from "../engine.ts";
import { BATCH, steadyOptions, steadyRecord } from "./steady-traffic.ts";

const spans = Number(process.argv[2] ?? 2_000_000);
const engine = new Engine(steadyOptions);
let cpuMicros = 0;
let published = 0;
for (let first = 0; first < spans; first += BATCH) {
  const record = steadyRecord(first);
  const before = process.threadCpuUsage();
  published += engine.apply(record).publications.length;
  const { user, system } = process.threadCpuUsage(before);
  cpuMicros += user + system;
}
const from = performance.now();
engine.current();
const current = performance.now();
engine.collect();
const collected = performance.now();
process.stdout.write(
  `${Math.round((spans * 1_000) / cpuMicros)} K spans a CPU second, ${published} instants, current() ${(current - from).toFixed(1)} ms, ` +
    `collect() ${(collected - current).toFixed(1)} ms, RSS ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB\n`,
);
