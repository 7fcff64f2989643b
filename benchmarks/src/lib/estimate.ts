import type { Estimate } from "./result.ts";

const RESAMPLES = 2_000;

/** The middle value; the mean of the middle two. NaN where there is none. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/**
 * The median with its 95 % percentile-bootstrap interval. The median, because on a shared machine a round that was
 * interrupted says nothing of the code. Seeded: the same values give the same interval.
 */
export function medianWithInterval(values: readonly number[]): Estimate {
  const random = seeded(values.length);
  const resample = new Float64Array(values.length);
  const medians = new Float64Array(RESAMPLES);
  for (let i = 0; i < RESAMPLES; i += 1) {
    for (let j = 0; j < resample.length; j += 1) {
      resample[j] = values[Math.floor(random() * values.length)] ?? Number.NaN;
    }
    medians[i] = median(resample);
  }
  medians.sort();
  return {
    value: median(values),
    low: medians[Math.floor(0.025 * RESAMPLES)] ?? Number.NaN,
    high: medians[Math.ceil(0.975 * RESAMPLES) - 1] ?? Number.NaN,
  };
}

/** The mean with Student's 95 % interval: for few, long rounds, of which the bootstrap would make too narrow a one. */
export function meanWithInterval(values: readonly number[]): Estimate {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const half = studentT(n - 1) * Math.sqrt(variance / n);
  return { value: mean, low: mean - half, high: mean + half };
}

// 97.5 % points of Student's t for 1, 2, ... degrees of freedom.
const STUDENT_T: readonly number[] = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
];

function studentT(freedom: number): number {
  return STUDENT_T[freedom - 1] ?? 1.96 + 2.5 / freedom; // within 0.01 from 16 on
}

// mulberry32
function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
