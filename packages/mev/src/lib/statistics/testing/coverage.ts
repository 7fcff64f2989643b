import type { Estimate } from "../estimate.ts";

/** The share of drawn desks in which an interval contains the truth. */
export function held(runs: number, holds: (seed: number) => boolean): number {
  let count = 0;
  for (let seed = 1; seed <= runs; seed++) if (holds(seed)) count++;
  return count / runs;
}

export function within(truth: number, estimate: Estimate | undefined): boolean {
  const { low = null, high = null } = estimate?.interval ?? {};
  return low !== null && high !== null && low <= truth && truth <= high;
}
