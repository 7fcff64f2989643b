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
 * interrupted says nothing of the code. Seeded: the same values give the same interval.
 */
export function medianWithInterval(values: readonly number[]): Estimate {
  const random = seededRandom(values.length);
  const resample = new Float64Array(values.length);
  const medians = new Float64Array(RESAMPLES);
  for (let i = 0; i < RESAMPLES; i += 1) {
    for (let j = 0; j < resample.length; j += 1) {
      resample[j] = values[Math.floor(random() * values.length)] ?? Number.NaN;
    }
    medians[i] = median(resample);
  }
  medians.sort();
  return {
    value: median(values),
    low: medians[Math.floor(0.025 * RESAMPLES)] ?? Number.NaN,
    high: medians[Math.ceil(0.975 * RESAMPLES) - 1] ?? Number.NaN,
  };
}
