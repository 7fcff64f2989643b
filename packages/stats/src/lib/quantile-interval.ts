import { logChoose } from "./binomial.ts";
import type { NamedInterval } from "./interval.ts";
import { nearestRank } from "./nearest-rank.ts";

/** Ranks, from 1 to n, of the values that are the ends of an interval; null if no value is. */
export interface IntervalRanks {
  readonly low: number | null;
  readonly high: number | null;
}

/** Standard deviations from the mean beyond which the binomial distribution holds nothing that matters. */
const REACH = 10;

/**
 * Which of `n` sorted, independent values are the ends of a distribution-free interval of the `q`-quantile: the number of values
 * below the true quantile is binomial. Takes O(sqrt(n)).
 * Source: H. A. David, H. N. Nagaraja, Order Statistics, 3rd ed., section 7.1.
 *
 * @param q between 0 and 1, neither included
 */
export function quantileRanks(q: number, n: number, confidence = 0.95): IntervalRanks {
  const tail = (1 - confidence) / 2;
  const reach = REACH * (1 + Math.sqrt(n * q * (1 - q)));
  const from = Math.max(0, Math.floor(n * q - reach));
  // P(exactly k values lie below the quantile), and that of at most k.
  let exactly = Math.exp(logChoose(n, from) + from * Math.log(q) + (n - from) * Math.log1p(-q));
  let atMost = 0;
  let low: number | null = null;
  for (let k = from; k < n; k++) {
    atMost += exactly;
    if (atMost <= tail) low = k + 1;
    if (atMost >= 1 - tail) return { low, high: k + 1 };
    exactly *= ((n - k) / (k + 1)) * (q / (1 - q));
  }
  return { low, high: null };
}

/** The interval of a quantile whose ends are these values. Where one is open, it says how many values are needed. */
export function samplingInterval(
  q: number,
  n: number,
  { low, high }: Pick<NamedInterval, "low" | "high">,
): NamedInterval {
  const ends = { low, high, kind: "sampling95" } as const;
  if (low !== null && high !== null) return ends;
  return { ...ends, reason: `too few values for both ends: ${n} of ${leastForBothEnds(q)} needed` };
}

/** Fewest values for which both ends of the 95 % interval are among them. */
function leastForBothEnds(q: number): number {
  const farther = Math.max(q, 1 - q);
  return Math.ceil(Math.log(0.025) / Math.log(farther));
}

/** A quantile by nearest rank, with its interval. */
export interface QuantileInterval {
  readonly value: number;
  readonly interval: NamedInterval;
}

/**
 * The `q`-quantile of values with its 95 % interval (see `quantileRanks`). Undefined if there are no values.
 * @param sorted Ascending.
 */
export function quantileInterval(sorted: readonly number[], q: number): QuantileInterval | undefined {
  const n = sorted.length;
  const value = sorted[nearestRank(q, Math.max(n, 1)) - 1];
  if (value === undefined) return undefined;
  const ranks = quantileRanks(q, n);
  const at = (rank: number | null): number | null => (rank === null ? null : (sorted[rank - 1] ?? null));
  return { value, interval: samplingInterval(q, n, { low: at(ranks.low), high: at(ranks.high) }) };
}
