import { type Bounded, LEAST_VALUES, meanInterval, poissonInterval } from "@slipstream/stats";
import { meanOf, type Side, type Stratum } from "./matched.ts";

/** What trades like the treated ones are expected to lose on either side, USD. */
export interface ExpectedLosses {
  readonly treated: Bounded;
  readonly control: Bounded;
}

/** Trades that lost something, on both sides. */
export function lostCount(strata: readonly Stratum[]): number {
  return strata.reduce((sum, { treated, control }) => sum + treated.losses.length + control.losses.length, 0);
}

/**
 * The expected losses of as many trades as were treated, with intervals that hold for few and heavy-tailed losses: how many trades
 * lose something is uncertain (`poissonInterval`), and so is how much one loses on average (`meanInterval`). A resampled loss
 * would be 0 for certain if none was seen, and never larger than the largest one seen.
 *
 * Undefined if both sides together have too few losses for the mean.
 */
export function expectedLosses(strata: readonly Stratum[]): ExpectedLosses | undefined {
  const [treated, control] = [weighted(strata, "treated"), weighted(strata, "control")];
  const own = treated.map(({ loss }) => loss).concat(control.map(({ loss }) => loss));
  const pooled = meanInterval(own);
  if (pooled === undefined) return undefined;
  const mean = { value: meanOf(own), ...pooled };
  const of = (losses: readonly Weighted[], side: "treated" | "control"): Bounded =>
    losses.length >= LEAST_VALUES ? byOwn(losses) : byPooled(losses, mean, usualWeight(strata, side));
  return { treated: of(treated, "treated"), control: of(control, "control") };
}

/** A loss, and for how many trades like the treated ones it stands. */
interface Weighted {
  readonly loss: number;
  readonly weight: number;
}

function weighted(strata: readonly Stratum[], side: "treated" | "control"): Weighted[] {
  return strata.flatMap((stratum) => {
    const weight = weightOf(stratum.treated.size, stratum[side]);
    return stratum[side].losses.map((loss) => ({ loss, weight }));
  });
}

/** @param treated Number of trades for which the side stands. */
function weightOf(treated: number, { landed, size, known }: Side): number {
  return (treated * (landed / size)) / known;
}

/** Of all trades of a side with a known loss. */
function usualWeight(strata: readonly Stratum[], side: "treated" | "control"): number {
  let [known, sum] = [0, 0];
  for (const stratum of strata) {
    known += stratum[side].known;
    sum += stratum[side].known * weightOf(stratum.treated.size, stratum[side]);
  }
  return sum / known;
}

function byOwn(losses: readonly Weighted[]): Bounded {
  const values = losses.map(({ loss, weight }) => loss * weight);
  const interval = meanInterval(values);
  const value = meanOf(values);
  return product(losses.length, { value, low: interval?.low ?? value, high: interval?.high ?? value });
}

/** A side with few or no losses: they are taken to be as large as those of both sides. */
function byPooled(losses: readonly Weighted[], mean: Bounded, weight: number): Bounded {
  const value = losses.reduce((sum, one) => sum + one.loss * one.weight, 0);
  const of = product(losses.length, {
    value: mean.value * weight,
    low: mean.low * weight,
    high: mean.high * weight,
  });
  return { value, low: Math.min(value, of.low), high: Math.max(value, of.high) };
}

/** Half an event stands for none, on the scale of logarithms. */
const NONE = 0.5;

/** The interval of count x mean, from both intervals on the scale of logarithms. */
function product(count: number, mean: Bounded): Bounded {
  const expected = poissonInterval(count);
  const value = count * mean.value;
  const above = Math.hypot(Math.log(expected.high / Math.max(count, NONE)), Math.log(mean.high / mean.value));
  const high = Math.max(count, NONE) * mean.value * Math.exp(above);
  if (count === 0 || !(mean.low > 0)) return { value, low: 0, high };
  const below = Math.hypot(Math.log(count / expected.low), Math.log(mean.value / mean.low));
  return { value, low: value * Math.exp(-below), high };
}
