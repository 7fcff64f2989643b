import { median } from "./estimate.ts";

const REPEATS = 9;
const MOST_BYTES = 4e6; // well below a young generation, so that no collection hides what was allocated
const MOST_TIMES = 1_000_000;

/**
 * Bytes that one operation allocates on the heap, or undefined where node runs without --expose-gc. `run` must have been
 * compiled already. What is below 0.05 is the reading itself and is given as 0.
 */
export function bytesPerOperation(run: (times: number) => unknown): number | undefined {
  const { gc } = globalThis;
  if (gc === undefined) return undefined;
  let times = 1_000;
  let bytes = 0;
  for (;;) {
    const readings = Array.from({ length: REPEATS }, () => {
      gc();
      const before = process.memoryUsage().heapUsed;
      run(times);
      return process.memoryUsage().heapUsed - before;
    });
    bytes = median(readings) / times;
    if (times >= MOST_TIMES || bytes * times * 10 > MOST_BYTES) break;
    times *= 10;
  }
  return bytes < 0.05 ? 0 : bytes;
}
