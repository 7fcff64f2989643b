import type { Interval } from "./interval.ts";
import { normalQuantile } from "./normal-quantile.ts";

/**
 * Byar's interval of how many events are expected where `count` were seen. It differs from the exact one by less than 1 %.
 * Source: N. E. Breslow, N. E. Day, Statistical Methods in Cancer Research II (1987), section 2.3.
 * @throws RangeError unless `count` is 0 or more and `confidence` is between 0 and 1.
 */
export function poissonInterval(count: number, confidence = 0.95): Interval {
  if (!(count >= 0 && count < Number.POSITIVE_INFINITY))
    throw new RangeError(`a count must be 0 or more, not ${count}`);
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`confidence must be between 0 and 1, not ${confidence}`);
  const z = normalQuantile((1 + confidence) / 2);
  const end = (n: number, side: -1 | 1): number =>
    n * (1 - 1 / (9 * n) + (side * z) / (3 * Math.sqrt(n))) ** 3;
  return { low: count === 0 ? 0 : Math.max(0, end(count, -1)), high: end(count + 1, 1) };
}
