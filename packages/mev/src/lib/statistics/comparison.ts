import { type Bounded, bootstrapEach, combinedInterval, ratioInterval } from "@slipstream/stats";
import { expectedLosses, lostCount } from "./expected-loss.ts";
import { LEAST_ATTACKED, LEAST_COMPARED, tooFew } from "./least.ts";
import { drawnMean, meanOf, type Stratum } from "./matched.ts";

/** What the treated trades paid and got, compared with trades that differ in nothing else. USD, summed over the treated trades. */
export interface Comparison {
  readonly landingValueUsd: Bounded;
  readonly extraFeeUsd: Bounded;
  /** What only losses show; or why they do not, with the counts. */
  readonly worth: Worth | string;
}

export interface Worth {
  readonly lossAvoidedUsd: Bounded;
  readonly netUsd: Bounded;
  /** Net / extra fee. Undefined if the extra fee is not certain to be above 0. */
  readonly ratio: Bounded | undefined;
}

/** Limit on the work for an interval: rounds x trades. */
const mostDraws = 2e7;
const mostRounds = 500;
const leastRounds = 200;

/** @returns Why nothing is known, with the counts, if there are too few trades. */
export function compare(strata: readonly Stratum[]): Comparison | string {
  const compared = strata.reduce((sum, { treated, control }) => sum + treated.size + control.size, 0);
  if (compared < LEAST_COMPARED) return tooFew(compared, "comparable trades", LEAST_COMPARED);
  const direct = landingAndFees(strata, compared);
  return { ...direct, worth: worthOf(strata, direct) };
}

function worthOf(
  strata: readonly Stratum[],
  { landingValueUsd, extraFeeUsd }: Pick<Comparison, "landingValueUsd" | "extraFeeUsd">,
): Worth | string {
  const attacked = lostCount(strata);
  if (attacked < LEAST_ATTACKED) return tooFew(attacked, "attacked trades with a known loss", LEAST_ATTACKED);
  const losses = expectedLosses(strata);
  if (losses === undefined) return "all losses are equal";
  const lossAvoidedUsd = combinedInterval([
    [1, losses.control],
    [-1, losses.treated],
  ]);
  const gain = combinedInterval([
    [1, lossAvoidedUsd],
    [1, landingValueUsd],
  ]);
  const netUsd = combinedInterval([
    [1, gain],
    [-1, extraFeeUsd],
  ]);
  const returned = ratioInterval(gain, extraFeeUsd);
  const ratio = returned && {
    value: returned.value - 1,
    low: returned.low - 1,
    high: returned.high - 1,
  };
  return { lossAvoidedUsd, netUsd, ratio };
}

/** By resampling: neither is heavy-tailed, and every trade tells something of them. */
function landingAndFees(
  strata: readonly Stratum[],
  compared: number,
): Pick<Comparison, "landingValueUsd" | "extraFeeUsd"> {
  const sides = strata.flatMap(({ treated, control }) => [treated, control]);
  const usual = sides.reduce((sum, { landed }) => sum + landed, 0) / compared;
  const rounds = Math.max(leastRounds, Math.min(mostRounds, Math.floor(mostDraws / compared)));
  const [landing, fee] = bootstrapEach(
    (random) => {
      const sums: [number, number] = [0, 0];
      for (const { treated, control, valuesUsd } of strata) {
        const landed = treated.drawLanded(usual, random) - control.drawLanded(usual, random);
        sums[0] += treated.size * landed * drawnMean(valuesUsd, random);
        sums[1] += treated.size * (treated.drawPaidUsd(random) - control.drawPaidUsd(random));
      }
      return sums;
    },
    { rounds },
  );
  const own: [number, number] = [0, 0];
  for (const { treated, control, valuesUsd } of strata) {
    const landed = treated.landed / treated.size - control.landed / control.size;
    own[0] += treated.size * landed * meanOf(valuesUsd);
    own[1] += treated.size * (treated.paidUsd - control.paidUsd);
  }
  return { landingValueUsd: bounded(own[0], landing), extraFeeUsd: bounded(own[1], fee) };
}

/** A value with an interval that contains it. */
function bounded(
  value: number,
  interval: { readonly low: number; readonly high: number } | undefined,
): Bounded {
  return {
    value,
    low: Math.min(value, interval?.low ?? value),
    high: Math.max(value, interval?.high ?? value),
  };
}
