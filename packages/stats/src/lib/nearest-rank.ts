// A decimal such as 0.07 is off by up to half a unit in the last place as a double; so is its product with n.
const PRODUCT_ERROR = 2 * Number.EPSILON;

/**
 * The rank, 1 to `n`, of the `q`-quantile of `n` values by the nearest-rank rule, ceil(q n). Takes `q` as the
 * decimal that was written: `nearestRank(0.07, 100)` is 7, although 0.07 * 100 > 7 in doubles.
 *
 * @throws RangeError if `q` is not in [0, 1].
 */
export function nearestRank(q: number, n: number): number {
  if (!(q >= 0 && q <= 1)) throw new RangeError(`A quantile must be between 0 and 1, not ${q}`);
  return Math.min(n, Math.max(1, Math.ceil(q * n * (1 - PRODUCT_ERROR))));
}
