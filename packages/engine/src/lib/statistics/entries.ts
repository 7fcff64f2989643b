import { type NamedInterval, type QuantileSketch, wilson } from "@slipstream/stats";
import type { StatisticValue } from "../model.ts";
import type { Instant } from "./statistic.ts";
import { nothingIn } from "./window.ts";

/** How a percentile is written: what it is made of, and its unit. */
export interface QuantileFormat {
  readonly unit: string;
  /** Of the sketch's values in the unit. */
  readonly scale: number;
  /** Plural, for the reason of an unknown one. */
  readonly what: string;
}

export const milliseconds = (what: string): QuantileFormat => ({ unit: "ms", scale: 1_000, what });

/** A percentile of the window's values, with its sampling interval and the error of the sketch. */
export function quantileEntry(
  sketch: QuantileSketch,
  q: number,
  windowSeconds: number,
  { unit, scale, what }: QuantileFormat,
  instant: Instant,
): StatisticValue {
  const estimate = sketch.quantile(q);
  if (estimate === undefined) {
    return { value: null, unit, count: 0, windowSeconds, reason: nothingIn(windowSeconds, what, instant) };
  }
  const { value, sketchError, count, fewSamples } = estimate;
  const read = { value: scaled(value, scale), unit, count, windowSeconds };
  const reason = fewSamples ? { reason: "few samples" } : {};
  const interval = instant.wanted === undefined ? sketch.samplingInterval(q) : undefined;
  if (interval === undefined) return { ...read, ...reason };
  return {
    ...read,
    interval: scaledInterval(interval, scale),
    sketchError: scaledInterval({ ...sketchError, kind: "sketch" }, scale),
    ...reason,
  };
}

/** A share in percent with its 95 % interval (Wilson). */
export function shareEntry(
  part: number,
  count: number,
  windowSeconds: number,
  what: string,
  instant: Instant,
): StatisticValue {
  if (count === 0) {
    return { value: null, unit: "%", count, windowSeconds, reason: nothingIn(windowSeconds, what, instant) };
  }
  const read = { value: (100 * part) / count, unit: "%", count, windowSeconds };
  const interval = instant.wanted === undefined ? wilson(part, count) : undefined;
  if (interval === undefined) return read;
  const { low, high } = interval;
  return { ...read, interval: { low: 100 * low, high: 100 * high, kind: "wilson95" } };
}

function scaledInterval({ low, high, ...rest }: NamedInterval, scale: number): NamedInterval {
  const end = (value: number | null): number | null => (value === null ? null : scaled(value, scale));
  return { low: end(low), high: end(high), ...rest };
}

/** In the unit, without the last digit's noise that the division into seconds and back makes. */
function scaled(value: number, scale: number): number {
  return Number((value * scale).toPrecision(15));
}
