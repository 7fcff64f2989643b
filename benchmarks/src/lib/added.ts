import { intervalOverRounds, median } from "./estimate.ts";
import type { Estimate } from "./result.ts";

/** What comes on top of `without`, of the same round. */
export function addedTo(without: readonly number[], values: readonly number[]): Estimate {
  return intervalOverRounds(values.length, (rounds) => medianAdded(without, values, rounds));
}

/**
 * What ours adds, divided by what theirs adds. Each is the median of all rounds: the difference of a single round is often less than
 * what a round varies by.
 */
export function ratioOfAdded(
  without: readonly number[],
  ours: readonly number[],
  theirs: readonly number[],
): Estimate {
  return intervalOverRounds(
    ours.length,
    (rounds) => medianAdded(without, ours, rounds) / medianAdded(without, theirs, rounds),
  );
}

function medianAdded(without: readonly number[], values: readonly number[], rounds: Uint32Array): number {
  const added = Float64Array.from(
    rounds,
    (round) => (values[round] ?? Number.NaN) - (without[round] ?? Number.NaN),
  );
  return median(added);
}
