import { seededRandom } from "@slipstream/stats";
import type { Estimate } from "./result.ts";

const RESAMPLES = 2_000;

/** The middle value; the mean of the middle two. NaN where there is none. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/**
 * The median with its 95 % percentile-bootstrap interval. The median, because on a shared machine a round that was
 * interrupted says nothing of the code.
 */
export function medianWithInterval(values: readonly number[]): Estimate {
  const drawn = new Float64Array(values.length);
  return intervalOverRounds(values.length, (rounds) => {
    for (let i = 0; i < rounds.length; i += 1) drawn[i] = values[rounds[i] ?? 0] ?? Number.NaN;
    return median(drawn);
  });
}

/**
 * What is computed of all rounds, with its 95 % percentile-bootstrap interval: rounds are drawn again and again. Seeded: the same values
 * give the same interval.
 *
 * @param compute gets the numbers of rounds, from 0 on
 */
export function intervalOverRounds(count: number, compute: (rounds: Uint32Array) => number): Estimate {
  const random = seededRandom(count);
  const rounds = new Uint32Array(count);
  const results = new Float64Array(RESAMPLES);
  for (let i = 0; i < RESAMPLES; i += 1) {
    for (let j = 0; j < count; j += 1) rounds[j] = Math.floor(random() * count);
    results[i] = compute(rounds);
  }
  results.sort();
  return {
    value: compute(Uint32Array.from({ length: count }, (_, round) => round)),
    low: results[Math.floor(0.025 * RESAMPLES)] ?? Number.NaN,
    high: results[Math.ceil(0.975 * RESAMPLES) - 1] ?? Number.NaN,
  };
}
