import { type Interval, wilson } from "@slipstream/stats";
import type { EffectiveCounts } from "./uneven.ts";

/** A number with its 95 % interval; null with a reason if unknown. */
export interface Estimate {
  readonly value: number | null;
  /** null if unknown or unbounded. */
  readonly low: number | null;
  readonly high: number | null;
  /** Number of samples behind it. */
  readonly count: number;
  readonly reason?: string;
}

/** A share with both of its counts. */
export interface Share extends Estimate {
  readonly successes: number;
}

/**
 * A share with Wilson's interval.
 * @param effective Effective counts, if trades are not independent of each other.
 */
export function share(
  successes: number,
  count: number,
  reason: string,
  effective: EffectiveCounts = { successes, count },
): Share {
  const interval = wilson(effective.successes, effective.count);
  if (interval === undefined) return { ...unknownEstimate(reason), successes };
  return { value: successes / count, ...interval, count, successes };
}

export function estimate(value: number, interval: Interval | undefined, count: number): Estimate {
  return { value, low: interval?.low ?? null, high: interval?.high ?? null, count };
}

export function unknownEstimate(reason: string, count = 0): Estimate {
  return { value: null, low: null, high: null, count, reason };
}
