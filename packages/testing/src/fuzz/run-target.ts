import { Worker } from "node:worker_threads";
import type { FuzzJob } from "./fuzz.worker.ts";
import type { FuzzLimits, FuzzResult } from "./fuzzer.ts";
import { MAX_INPUT_BYTES } from "./mutate.ts";

/** The heap that a target may take, MiB. */
const MAX_HEAP_MIB = 256;
/** Without a sign of life for so long, the thread hangs, if it has computed for half of it. */
const HUNG_MS = 60_000;
/** Without one for so many times as long, it hangs also if other programs leave it no time to compute. */
const MOST_PERIODS = 10;
const SEED_BYTES = 1024 * 1024;

/** Fuzzes a target in a thread of its own, so that an input at which it hangs or runs out of memory is found too. */
export function runTarget(
  file: string,
  seed: number,
  corpus: readonly Uint8Array[],
  limits: FuzzLimits,
  watchesCoverage: boolean,
): Promise<FuzzResult> {
  const current = new SharedArrayBuffer(4 + Math.max(MAX_INPUT_BYTES, SEED_BYTES));
  const job: FuzzJob = { file, seed, limits, watchesCoverage, corpus, current };
  const worker = new Worker(new URL("./fuzz.worker.ts", import.meta.url), {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MIB },
  });
  let executions = 0;
  return new Promise((resolve) => {
    const found = (reason: string): void => {
      clearTimeout(timer);
      void worker.terminate();
      const length = new DataView(current).getUint32(0);
      const input = new Uint8Array(current.slice(4, 4 + length));
      resolve({ executions, finding: { reason, input }, kept: [] });
    };
    const alive = (period = 1, before = process.cpuUsage()): NodeJS.Timeout =>
      setTimeout(() => {
        // Nothing else computes in this process.
        const { user, system } = process.cpuUsage(before);
        if ((user + system) / 1_000 > HUNG_MS / 2 || period === MOST_PERIODS)
          found(`It hangs for ${(period * HUNG_MS) / 1_000} s.`);
        else timer = alive(period + 1, before);
      }, HUNG_MS);
    let timer = alive();
    worker.on("message", (message: FuzzResult | { executions: number }) => {
      clearTimeout(timer);
      executions = message.executions;
      if ("kept" in message) {
        void worker.terminate();
        resolve(message);
      } else timer = alive();
    });
    worker.on("error", (error: Error) => found(`The thread dies: ${error.stack ?? error.message}`));
  });
}
