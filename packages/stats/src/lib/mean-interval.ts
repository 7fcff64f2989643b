import { type BootstrapOptions, bootstrapMean, middle } from "./bootstrap.ts";
import { gammaDraw } from "./gamma-draw.ts";
import type { Interval } from "./interval.ts";
import { normalQuantile } from "./normal-quantile.ts";
import { seededRandom } from "./seeded-random.ts";

/** Fewer values than this do not show how heavy their tail is. */
export const LEAST_VALUES = 10;
/** Values below this share of the mean count as this much: together they change the mean by less. */
const FLOOR = 0.01;
const usual = { rounds: 1000, seed: 20_261_129, confidence: 0.95 } as const;

/**
 * The interval of a mean of amounts, honest for few values of which a few large ones make up most of the sum, such as losses. It
 * reaches as far as the wider of two intervals, on each side:
 * - the bootstrap-t, which assumes no distribution, but knows no value beyond the largest one that was seen;
 * - the generalized interval of a lognormal mean, which is exact for lognormal values, and infers from the spread of the
 *   logarithms how large the values may be that were not seen.
 *
 * Values with a tail heavier than lognormal, such as a Pareto distribution's, may still have a larger mean than it says.
 * Undefined if there are fewer than `LEAST_VALUES` or all are equal.
 * Source: K. Krishnamoorthy, T. Mathew, J. Stat. Plan. Inference 115 (2003) 103-121.
 */
export function meanInterval(
  values: readonly number[],
  options: BootstrapOptions = {},
): Interval | undefined {
  if (values.length < LEAST_VALUES) return undefined;
  const free = bootstrapMean(values, options);
  if (free === undefined) return undefined;
  const lognormal = lognormalMean(values, options);
  if (lognormal === undefined) return free;
  return { low: Math.min(free.low, lognormal.low), high: Math.max(free.high, lognormal.high) };
}

/** Undefined if the mean is not above 0. */
function lognormalMean(values: readonly number[], options: BootstrapOptions): Interval | undefined {
  const { rounds, seed, confidence } = { ...usual, ...options };
  const n = values.length;
  const floor = (FLOOR * values.reduce((sum, value) => sum + value, 0)) / n;
  if (!(floor > 0)) return undefined;
  const logs = values.map((value) => Math.log(Math.max(value, floor)));
  const center = logs.reduce((sum, log) => sum + log, 0) / n;
  const variance = logs.reduce((sum, log) => sum + (log - center) ** 2, 0) / (n - 1);
  const random = seededRandom(seed);
  const drawn: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const spread = (variance * (n - 1)) / (2 * gammaDraw((n - 1) / 2, random));
    drawn.push(center + normalQuantile(random()) * Math.sqrt(spread / n) + spread / 2);
  }
  const { low, high } = middle(drawn, confidence);
  return { low: Math.exp(low), high: Math.exp(high) };
}
