import { type BootstrapOptions, bootstrap } from "./bootstrap.ts";
import type { Interval } from "./interval.ts";

/** Ranks, starting at 1; equal values share their mean rank. */
export function midRanks(values: readonly number[]): Float64Array {
  const order = values.map((_, i) => i).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end] ?? 0] === values[order[start] ?? 0]) end++;
    for (let i = start; i < end; i++) ranks[order[i] ?? 0] = (start + end + 1) / 2;
    start = end;
  }
  return ranks;
}

export interface Correlation {
  /** -1 to 1. */
  readonly value: number;
  /** By bootstrap; undefined if there are fewer than 10 pairs. */
  readonly interval: Interval | undefined;
}

/**
 * Spearman's rank correlation. Undefined if all values of one side are equal. The interval resamples pairs of
 * ranks.
 * @throws RangeError if the sides differ in length.
 */
export function spearman(
  xs: readonly number[],
  ys: readonly number[],
  options: BootstrapOptions = {},
): Correlation | undefined {
  if (xs.length !== ys.length)
    throw new RangeError(`spearman needs pairs, not ${xs.length} and ${ys.length} values`);
  const n = xs.length;
  const [rx, ry] = [midRanks(xs), midRanks(ys)];
  const value = pearson(n, (i) => i, rx, ry);
  if (Number.isNaN(value)) return undefined;
  if (n < 10) return { value, interval: undefined };
  const drawn = new Int32Array(n);
  const interval = bootstrap((random) => {
    for (let i = 0; i < n; i++) drawn[i] = Math.floor(random() * n);
    return pearson(n, (i) => drawn[i] ?? 0, rx, ry);
  }, options);
  return { value, interval };
}

function pearson(n: number, at: (i: number) => number, xs: Float64Array, ys: Float64Array): number {
  let [sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const k = at(i);
    const [x, y] = [xs[k] ?? 0, ys[k] ?? 0];
    sx += x;
    sy += y;
    sxx += x * x;
    syy += y * y;
    sxy += x * y;
  }
  const [vx, vy] = [sxx - (sx * sx) / n, syy - (sy * sy) / n];
  // Sums of squared ranks are exact up to about 10^5 pairs, and close enough beyond.
  return vx <= 0 || vy <= 0 ? Number.NaN : (sxy - (sx * sy) / n) / Math.sqrt(vx * vy);
}
