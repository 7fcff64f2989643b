import { normalQuantile } from "./normal-quantile.ts";

/** Both ends included. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** What an interval tells, and how surely. */
export type IntervalKind =
  | "wilson95"
  | "sampling95"
  | "mean95"
  | "bootstrap95"
  | "posterior95"
  | "combined95"
  | "bounds95"
  | "replay"
  | "sketch";

/** The kinds in words. */
export const intervalKinds: Readonly<Record<IntervalKind, string>> = {
  wilson95: "95 % interval of a share, by Wilson's score method.",
  sampling95: "95 % interval of a percentile, from the order of the values, which count as independent.",
  mean95: "95 % interval of a mean: the wider of bootstrap-t and lognormal.",
  bootstrap95: "95 % interval by resampling the trades.",
  posterior95: "95 % interval by drawing rates from their posterior distributions.",
  combined95: "95 % interval of a sum or ratio, combined from the intervals of its parts.",
  bounds95:
    "From the known losses, less the error of their replays, to the most that the unknown ones may add, at 97.5 %.",
  replay: "The error of the replays. Nothing in it is left to chance.",
  sketch: "The exact value is in it for certain. It is as narrow as the sketch that holds the values allows.",
};

/** An interval that says what it is. */
export interface NamedInterval {
  /** null: open on this side. */
  readonly low: number | null;
  readonly high: number | null;
  readonly kind: IntervalKind;
  /** Why it is open. */
  readonly reason?: string;
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
