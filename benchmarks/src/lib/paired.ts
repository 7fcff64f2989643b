import { performance } from "node:perf_hooks";
import { rotated } from "./rotated.ts";

/** One way of doing the work that is compared. */
export interface Variant {
  readonly name: string;
  /** Does the operation so many times; the loop is here so that each variant is compiled on its own. */
  run(times: number): void | Promise<void>;
  /** Before each round, not timed. */
  before?(): void | Promise<void>;
}

export interface Rounds {
  readonly rounds: number;
  /** How long a variant is run in each round. Absent: `times` operations. */
  readonly roundMs?: number;
  readonly times?: number;
}

/**
 * Runs all variants in turn, round after round, each round beginning with another one, so that whatever slows the
 * machine for a while slows all of them. Answers nanoseconds per operation: for each variant, a value for each round.
 */
export async function measurePaired(variants: readonly Variant[], options: Rounds): Promise<number[][]> {
  const times: number[] = [];
  for (const variant of variants) times.push(await warmUp(variant, options));
  const results: number[][] = variants.map(() => []);
  for (let round = 0; round < options.rounds; round += 1) {
    for (const [index, variant] of rotated([...variants.entries()], round)) {
      results[index]?.push((await timed(variant, times[index] ?? 1)) / (times[index] ?? 1));
    }
  }
  return results;
}

/** Runs until the time for one operation has settled; answers how many of them fill a round. */
async function warmUp(variant: Variant, { roundMs = 0, times }: Rounds): Promise<number> {
  let batch = times ?? 1;
  for (let i = 0; i < 8; i += 1) {
    const ns = await timed(variant, batch);
    if (times === undefined)
      batch = Math.max(1, Math.round(Math.min(batch * 16, (batch * roundMs * 1e6) / ns)));
  }
  return batch;
}

/** Nanoseconds for `times` operations. */
async function timed(variant: Variant, times: number): Promise<number> {
  await variant.before?.();
  // What one variant leaves behind must not be collected on another's time.
  globalThis.gc?.({ type: "minor" });
  const start = performance.now();
  const pending = variant.run(times);
  if (pending !== undefined) await pending;
  return (performance.now() - start) * 1e6;
}
