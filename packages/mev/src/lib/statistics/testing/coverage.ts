/** The share of drawn desks in which an interval contains the truth. */
export function held(runs: number, holds: (seed: number) => boolean): number {
  let count = 0;
  for (let seed = 1; seed <= runs; seed++) if (holds(seed)) count++;
  return count / runs;
}

export const within = (truth: number, { low, high }: { low: number | null; high: number | null }): boolean =>
  low !== null && high !== null && low <= truth && truth <= high;
