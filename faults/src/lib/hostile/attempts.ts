import { judge, type Measured } from "./judge.ts";

/** A delay counts if it shows up in each of so many attempts: one may come from what else runs on the machine. */
export const MOST_ATTEMPTS = 3;

export interface Outcome {
  /** Of the last attempt. */
  readonly measured: Measured;
  readonly attempts: number;
  /** Why it failed; empty if it did not. */
  readonly problems: readonly string[];
}

/**
 * Measures an attack. If only the good client's times were too long, it is measured again, with a new aggregator. Any other
 * fault fails it at once.
 *
 * @param onRetry gets why an attempt is made again
 */
export async function attempt(
  measure: () => Promise<Measured>,
  onRetry: (measured: Measured, delays: readonly string[]) => void,
): Promise<Outcome> {
  for (let attempts = 1; ; attempts++) {
    const measured = await measure();
    const { faults, delays } = judge(measured);
    const problems = [...faults, ...delays];
    if (faults.length > 0 || delays.length === 0 || attempts === MOST_ATTEMPTS) {
      return { measured, attempts, problems };
    }
    onRetry(measured, delays);
  }
}
