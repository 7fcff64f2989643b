import type { Interval } from "./interval.ts";
import { seededRandom } from "./seeded-random.ts";

export interface BootstrapOptions {
  readonly rounds?: number;
  readonly seed?: number;
  readonly confidence?: number;
}

const defaults = { rounds: 1000, seed: 20_240_607, confidence: 0.95 } as const;

/**
 * A bootstrap interval by the percentile method. Rounds in which the statistic is undefined (NaN) are left
 * out; returns undefined if they are more than a tenth.
 * Source: B. Efron, R. Tibshirani, An Introduction to the Bootstrap, chapter 13.
 * @param draw Resamples the data and returns their statistic.
 */
export function bootstrap(
  draw: (random: () => number) => number,
  options: BootstrapOptions = {},
): Interval | undefined {
  const { rounds, seed, confidence } = { ...defaults, ...options };
  const random = seededRandom(seed);
  const drawn: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const value = draw(random);
    if (!Number.isNaN(value)) drawn.push(value);
  }
  return drawn.length * 10 < rounds * 9 ? undefined : middle(drawn, confidence);
}

/** The intervals of several statistics computed from the same draws, one per position. */
export function bootstrapEach(
  draw: (random: () => number) => readonly number[],
  options: BootstrapOptions = {},
): Interval[] {
  const { rounds, seed, confidence } = { ...defaults, ...options };
  const random = seededRandom(seed);
  const drawn: number[][] = [];
  for (let i = 0; i < rounds; i++) {
    for (const [at, value] of draw(random).entries()) {
      const own = drawn[at];
      if (own === undefined) drawn[at] = [value];
      else own.push(value);
    }
  }
  return drawn.map((values) => middle(values, confidence));
}

/**
 * A bootstrap-t interval of a mean, which is honest for skewed values too: it draws t = (mean of the draw -
 * mean) / its standard error. Undefined if there are fewer than 5 values or all are equal.
 * Source: Efron and Tibshirani, section 12.5.
 */
export function bootstrapMean(
  values: readonly number[],
  options: BootstrapOptions = {},
): Interval | undefined {
  const { rounds, seed, confidence } = { ...defaults, ...options };
  const n = values.length;
  const own = meanOf(values);
  if (n < 5 || own.error === 0) return undefined;
  const random = seededRandom(seed);
  const ts: number[] = [];
  for (let i = 0; i < rounds; i++) {
    let sum = 0;
    let squares = 0;
    for (let k = 0; k < n; k++) {
      const off = (values[Math.floor(random() * n)] ?? 0) - own.mean;
      sum += off;
      squares += off * off;
    }
    const variance = (squares - (sum * sum) / n) / (n - 1);
    // A draw that repeats a single value says nothing about the error.
    if (variance > own.error ** 2 * 1e-12) ts.push(sum / n / Math.sqrt(variance / n));
  }
  if (ts.length * 2 < rounds) return undefined;
  const { low, high } = middle(ts, confidence);
  return { low: own.mean - high * own.error, high: own.mean - low * own.error };
}

function meanOf(values: readonly number[]): { mean: number; error: number } {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return { mean, error: Math.sqrt(variance / n) };
}

/** The middle part of drawn values, which it sorts. */
export function middle(values: number[], confidence: number): Interval {
  values.sort((a, b) => a - b);
  const tail = (1 - confidence) / 2;
  const at = (share: number): number =>
    values[Math.min(values.length - 1, Math.max(0, Math.round(share * (values.length - 1))))] ?? Number.NaN;
  return { low: at(tail), high: at(1 - tail) };
}
