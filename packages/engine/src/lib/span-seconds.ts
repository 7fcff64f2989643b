import type { Span } from "@slipstream/otlp/decode";
import type { Refuse } from "./refuse.ts";

/** So far apart may two readings of a clock in milliseconds be in the wrong order. */
const CLOCK_TICK_SECONDS = 0.001;

/**
 * How long the span took. NaN, which no statistic counts, if its clock was set back meanwhile, or if it is longer than can be.
 *
 * @param mostSeconds the longest that it may be
 */
export function spanSeconds({ durationSeconds }: Span, mostSeconds: number, refuse: Refuse): number {
  if (durationSeconds >= 0 && durationSeconds <= mostSeconds) return durationSeconds;
  refuse("duration", durationSeconds < 0 ? "ends_before_start" : "implausible", durationSeconds);
  return durationSeconds < 0 && durationSeconds >= -CLOCK_TICK_SECONDS ? 0 : Number.NaN;
}
