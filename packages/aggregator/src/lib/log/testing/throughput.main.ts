/**
 * What the log takes of a second: records and bytes, and the processor's time of both threads for each record.
 * node --conditions=slipstream-source packages/aggregator/src/lib/log/testing/throughput.main.ts [DIRECTORY] [SECONDS]
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { openLog } from "../open-log.ts";

const [parent = tmpdir(), seconds = "3"] = process.argv.slice(2);

/** @param waiting appends under way at a time: as many connections, each with one request */
async function measure(bodyBytes: number, waiting: number, groupMs: number): Promise<void> {
  const directory = mkdtempSync(join(parent, "slipstream-log-"));
  const log = await openLog({ directory, groupMs });
  try {
    const bodies = Array.from({ length: 64 }, () => randomBytes(bodyBytes));
    const delay = monitorEventLoopDelay({ resolution: 10 });
    const latencies: number[] = [];
    let appended = 0;
    const until = performance.now() + Number(seconds) * 1_000;
    delay.enable();
    const before = { main: process.threadCpuUsage(), all: process.cpuUsage(), ms: performance.now() };
    await Promise.all(
      Array.from({ length: waiting }, async () => {
        while (performance.now() < until) {
          const body = bodies[appended++ % bodies.length] ?? new Uint8Array(0);
          const from = performance.now();
          await log.append({
            kind: "traces",
            receivedMs: Date.now(),
            format: "protobuf",
            compression: "none",
            body,
          });
          latencies.push(performance.now() - from);
        }
      }),
    );
    const elapsed = (performance.now() - before.ms) / 1_000;
    const [main, all] = [micros(process.threadCpuUsage(before.main)), micros(process.cpuUsage(before.all))];
    delay.disable();
    latencies.sort((a, b) => a - b);
    const at = (q: number): string => (latencies[Math.ceil(q * latencies.length) - 1] ?? 0).toFixed(1);
    process.stdout.write(
      `${(bodyBytes / 1_024).toFixed(0).padStart(4)} KiB, ${String(waiting).padStart(2)} at a time, groups of ${groupMs} ms: ` +
        `${Math.round(appended / elapsed)} records/s, ${((appended * bodyBytes) / elapsed / 1e6).toFixed(0)} MB/s; ` +
        `a record takes ${(main / appended).toFixed(0)} us of the main thread, ${((all - main) / appended).toFixed(0)} us of the others; ` +
        `committed after p50 ${at(0.5)} ms, p99 ${at(0.99)} ms; event loop p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms\n`,
    );
  } finally {
    await log.close();
    rmSync(directory, { recursive: true });
  }
}

const micros = ({ user, system }: NodeJS.CpuUsage): number => user + system;

for (const bodyBytes of [234 * 1_024, 2 * 1_024]) {
  for (const waiting of [1, 4, 16]) await measure(bodyBytes, waiting, 10);
  await measure(bodyBytes, 4, 0);
}
