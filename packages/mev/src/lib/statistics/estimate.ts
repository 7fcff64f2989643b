import {
  type Bounded,
  type Interval,
  type IntervalKind,
  type NamedInterval,
  wilson,
} from "@slipstream/stats";
import type { EffectiveCounts } from "./uneven.ts";

/** A number with an interval; null with a reason if unknown. */
export interface Estimate {
  readonly value: number | null;
  /** Absent if none can be given. */
  readonly interval?: NamedInterval;
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
  return { ...estimate(successes / count, interval, "wilson95", count), successes };
}

export function estimate(
  value: number,
  interval: Interval | undefined,
  kind: IntervalKind,
  count: number,
): Estimate {
  if (interval === undefined) return { value, count };
  return { value, interval: { low: interval.low, high: interval.high, kind }, count };
}

export function boundedEstimate(bounded: Bounded, kind: IntervalKind, count: number): Estimate {
  return estimate(bounded.value, bounded, kind, count);
}

export function unknownEstimate(reason: string, count = 0): Estimate {
  return { value: null, count, reason };
}
