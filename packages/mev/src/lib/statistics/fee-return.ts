import { bootstrapEach } from "@slipstream/stats";
import { type Estimate, estimate, unknownEstimate } from "./estimate.ts";
import { hidesOffers, offersHidden, withoutLanding } from "./known-offers.ts";
import { difference, type Stratum, stratify } from "./matched.ts";
import type { MevRecord } from "./mev-record.ts";
import { kindOf } from "./relative-avoidance.ts";

/** What higher fees returned, over the trades that paid them. */
export interface FeeReturn {
  /** (loss avoided + landing value - extra fee) / extra fee. */
  readonly ratio: Estimate;
  readonly lossAvoidedUsd: Estimate;
  readonly landingValueUsd: Estimate;
  /** What was paid beyond the cohort's fees. */
  readonly extraFeeUsd: Estimate;
  /**
   * Whether the interval of the ratio contains 0, in which case nothing is proven. null if there is no
   * interval.
   */
  readonly includesZero: boolean | null;
  /** The result in words. */
  readonly finding: string;
}

/** Limit on the work for the interval: rounds x trades. */
const mostDraws = 2e7;
const mostRounds = 1000;
const leastRounds = 200;

/**
 * What fees returned, compared with a matched cohort that paid less. In each stratum (pair, size bucket,
 * protection), trades above the median fee are compared with those at or below it. A landed trade is worth
 * the stratum's average, or nothing if the desk does not report the worth. This compares outcomes and does
 * not explain them: a desk may pay more exactly when it is harder to land.
 */
export function feeReturn(records: readonly MevRecord[]): FeeReturn {
  const isHidden = hidesOffers(records);
  const known = isHidden ? withoutLanding(records) : records;
  const strata = stratify(known, (record) => `${kindOf(record)} ${record.protection}`, byMedianFee);
  const count = strata.reduce((sum, { treated }) => sum + treated.size, 0);
  if (count === 0) return nothing("too few comparable trades with higher and lower fees");
  const ratioOf = ({ lossAvoidedUsd, landingValueUsd, extraFeeUsd }: ReturnType<typeof difference>): number =>
    (lossAvoidedUsd + landingValueUsd - extraFeeUsd) / extraFeeUsd;
  const own = difference(strata);
  const size = strata.reduce((sum, { treated, control }) => sum + treated.size + control.size, 0);
  const rounds = Math.max(leastRounds, Math.min(mostRounds, Math.floor(mostDraws / size)));
  const [ratio, loss, landing, fee] = bootstrapEach(
    (random) => {
      const drawn = difference(strata, random);
      return [ratioOf(drawn), drawn.lossAvoidedUsd, drawn.landingValueUsd, drawn.extraFeeUsd];
    },
    { rounds },
  );
  const includesZero = ratio === undefined ? null : ratio.low <= 0 && ratio.high >= 0;
  return {
    ratio: estimate(ratioOf(own), ratio, count),
    lossAvoidedUsd: estimate(own.lossAvoidedUsd, loss, count),
    landingValueUsd: hasValue(strata)
      ? estimate(own.landingValueUsd, landing, count)
      : unknownEstimate(
          isHidden ? offersHidden : "the worth of landing is not reported and counts as zero",
          count,
        ),
    extraFeeUsd: estimate(own.extraFeeUsd, fee, count),
    includesZero,
    finding: findingOf(ratio, includesZero),
  };
}

function hasValue(strata: readonly Stratum[]): boolean {
  return strata.some(({ valuesUsd }) => valuesUsd.length > 0);
}

function byMedianFee(stratum: readonly MevRecord[]): { treated: MevRecord[]; control: MevRecord[] } {
  const fees = stratum.map(({ feeUsd }) => feeUsd ?? 0).sort((a, b) => a - b);
  const median = fees[Math.floor((fees.length - 1) / 2)] ?? 0;
  return {
    treated: stratum.filter(({ feeUsd }) => (feeUsd ?? 0) > median),
    control: stratum.filter(({ feeUsd }) => (feeUsd ?? 0) <= median),
  };
}

function findingOf(ratio: { low: number; high: number } | undefined, includesZero: boolean | null): string {
  if (ratio === undefined || includesZero === null) return "no interval: too few trades";
  if (includesZero)
    return "the interval contains 0: the data neither show nor rule out that higher fees pay off";
  return ratio.low > 0
    ? "higher fees returned more than they cost"
    : "higher fees cost more than they returned";
}

function nothing(reason: string): FeeReturn {
  const none = unknownEstimate(reason);
  return {
    ratio: none,
    lossAvoidedUsd: none,
    landingValueUsd: none,
    extraFeeUsd: none,
    includesZero: null,
    finding: reason,
  };
}
