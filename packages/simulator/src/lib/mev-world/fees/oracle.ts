import { type ExpectedValue, expectedValue, type FeeContext } from "./expected-value.ts";
import { LEAST_TIP } from "./landing.ts";

export interface BestBid extends ExpectedValue {
  /** Priority fee, or tip for a bundle, in lamports. */
  readonly bidLamports: number;
}

/** log10 of lamports: at most 0.1 SOL. */
const HIGHEST = 8;
const STEP = 0.25;
const REFINEMENTS = 12;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * The bid with the highest expected value: a grid of quarters of a decade, then golden section search around
 * the best.
 */
export function bestBid(context: FeeContext): BestBid {
  const lowest = context.protection === "jito" ? Math.log10(LEAST_TIP) : 0;
  const value = (exponent: number): number => expectedValue(context, 10 ** exponent).usd;
  let best = lowest;
  let most = value(lowest);
  for (let exponent = lowest + STEP; exponent <= HIGHEST; exponent += STEP) {
    const usd = value(exponent);
    if (usd > most) [best, most] = [exponent, usd];
  }
  const exponent = goldenSection(value, Math.max(lowest, best - STEP), best + STEP);
  const bidLamports = Math.round(10 ** exponent);
  return { bidLamports, ...expectedValue(context, bidLamports) };
}

function goldenSection(value: (at: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  let [one, other] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
  let [atOne, atOther] = [value(one), value(other)];
  for (let round = 0; round < REFINEMENTS; round++) {
    if (atOne >= atOther) {
      [high, other, atOther] = [other, one, atOne];
      one = high - GOLDEN * (high - low);
      atOne = value(one);
    } else {
      [low, one, atOne] = [one, other, atOther];
      other = low + GOLDEN * (high - low);
      atOther = value(other);
    }
  }
  return (low + high) / 2;
}
