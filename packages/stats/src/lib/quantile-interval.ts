import { logChoose } from "./binomial.ts";
import { nearestRank } from "./nearest-rank.ts";

/** A quantile by nearest rank. A bound is null if there are too few values to determine it. */
export interface QuantileInterval {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * The `q`-quantile of values with a distribution-free interval, taken from their order: the number of values
 * below the true quantile is binomial. Undefined if there are no values.
 * Source: H. A. David, H. N. Nagaraja, Order Statistics, 3rd ed., section 7.1.
 * @param sorted Ascending.
 */
export function quantileInterval(
  sorted: readonly number[],
  q: number,
  confidence = 0.95,
): QuantileInterval | undefined {
  const n = sorted.length;
  const value = sorted[nearestRank(q, Math.max(n, 1)) - 1];
  if (value === undefined) return undefined;
  const tail = (1 - confidence) / 2;
  let below = 0;
  let low: number | null = null;
  let high: number | null = null;
  for (let k = 0; k < n; k++) {
    // P(at most k values lie below the quantile).
    below += Math.exp(logChoose(n, k) + k * Math.log(q) + (n - k) * Math.log1p(-q));
    if (below <= tail) low = sorted[k] ?? null;
    if (below >= 1 - tail) {
      high = sorted[k] ?? null;
      break;
    }
  }
  return { value, low, high };
}
