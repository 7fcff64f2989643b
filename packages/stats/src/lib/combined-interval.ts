import type { Interval } from "./interval.ts";

/** A value with its interval. */
export interface Bounded extends Interval {
  readonly value: number;
}

/**
 * The interval of a sum of factor x value, from the intervals of values that are independent of each other. Unlike a standard error
 * it keeps the two sides apart, so a value that may be much larger, but not smaller, leaves the sum as lopsided.
 * Source: G. Y. Zou, A. Donner, Statistics in Medicine 27 (2008) 1693-1702 ("MOVER").
 */
export function combinedInterval(parts: readonly (readonly [factor: number, value: Bounded])[]): Bounded {
  let [value, below, above] = [0, 0, 0];
  for (const [factor, part] of parts) {
    value += factor * part.value;
    const ends = [factor * (part.value - part.low), factor * (part.high - part.value)];
    const [down = 0, up = 0] = factor < 0 ? [ends[1], ends[0]] : ends;
    below += down * down;
    above += up * up;
  }
  return { value, low: value - Math.sqrt(below), high: value + Math.sqrt(above) };
}

const MOST_DOUBLINGS = 60;
const BISECTIONS = 60;

/**
 * The interval of a ratio: all ratios for which the interval of numerator - ratio x denominator contains 0 (Fieller's way, with the
 * interval of `combinedInterval`). Undefined unless the denominator is certain to be above 0.
 */
export function ratioInterval(numerator: Bounded, denominator: Bounded): Bounded | undefined {
  if (!(denominator.low > 0)) return undefined;
  const value = numerator.value / denominator.value;
  const difference = (ratio: number): Bounded =>
    combinedInterval([
      [1, numerator],
      [-ratio, denominator],
    ]);
  const low = edge(value, -1, (ratio) => difference(ratio).low <= 0);
  const high = edge(value, 1, (ratio) => difference(ratio).high >= 0);
  return { value, low, high };
}

/** How far one may go from a value until this no longer holds. */
function edge(from: number, side: -1 | 1, holds: (at: number) => boolean): number {
  let inside = from;
  let step = Math.max(1e-9, Math.abs(from) / 16);
  for (let i = 0; i < MOST_DOUBLINGS && holds(inside + side * step); i++) {
    inside += side * step;
    step *= 2;
  }
  let outside = inside + side * step;
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (inside + outside) / 2;
    if (holds(middle)) inside = middle;
    else outside = middle;
  }
  return inside;
}
