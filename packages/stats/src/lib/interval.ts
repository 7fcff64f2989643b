import { normalQuantile } from "./normal-quantile.ts";

/** Both ends included. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Wilson's score interval of a share, honest for small `n` and near 0 and 1. Undefined if `n` is 0.
 * Source: E. B. Wilson, JASA 22 (1927) 209-212.
 *
 * @throws RangeError unless 0 <= successes <= n and `confidence` is between 0 and 1.
 */
export function wilson(successes: number, n: number, confidence = 0.95): Interval | undefined {
  if (!(successes >= 0 && successes <= n && n < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`wilson needs 0 <= successes <= n, not ${successes} of ${n}`);
  }
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`confidence must be between 0 and 1, not ${confidence}`);
  if (n === 0) return undefined;
  const z2 = normalQuantile((1 + confidence) / 2) ** 2;
  const share = successes / n;
  const center = share + z2 / (2 * n);
  const half = Math.sqrt(z2 * (share * (1 - share) + z2 / (4 * n))) / Math.sqrt(n);
  const scale = 1 + z2 / n;
  return {
    low: successes === 0 ? 0 : Math.max(0, (center - half) / scale),
    high: successes === n ? 1 : Math.min(1, (center + half) / scale),
  };
}
