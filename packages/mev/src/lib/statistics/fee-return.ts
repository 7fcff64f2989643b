import { compare } from "./comparison.ts";
import { boundedEstimate, type Estimate, unknownEstimate } from "./estimate.ts";
import { hidesOffers, landingValue, withoutLanding } from "./known-offers.ts";
import { stratify, treatedIn } from "./matched.ts";
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
  const count = treatedIn(strata);
  if (count === 0) return nothing("too few comparable trades with higher and lower fees", 0);
  const compared = compare(strata);
  if (typeof compared === "string") return nothing(compared, count);
  const { landingValueUsd, extraFeeUsd, worth } = compared;
  const told = {
    landingValueUsd: landingValue(strata, landingValueUsd, isHidden),
    extraFeeUsd: boundedEstimate(extraFeeUsd, "bootstrap95", count),
  };
  if (typeof worth === "string") return { ...nothing(worth, count), ...told };
  const { ratio } = worth;
  const lossAvoidedUsd = boundedEstimate(worth.lossAvoidedUsd, "combined95", count);
  if (ratio === undefined) {
    const reason = "what was paid beyond the cohort's fees is not certain to be above 0";
    return { ...nothing(reason, count), ...told, lossAvoidedUsd };
  }
  return {
    ...told,
    ratio: boundedEstimate(ratio, "combined95", count),
    lossAvoidedUsd,
    includesZero: ratio.low <= 0 && ratio.high >= 0,
    finding: findingOf(ratio),
  };
}

function byMedianFee(stratum: readonly MevRecord[]): { treated: MevRecord[]; control: MevRecord[] } {
  const fees = stratum.map(({ feeUsd }) => feeUsd ?? 0).sort((a, b) => a - b);
  const median = fees[Math.floor((fees.length - 1) / 2)] ?? 0;
  return {
    treated: stratum.filter(({ feeUsd }) => (feeUsd ?? 0) > median),
    control: stratum.filter(({ feeUsd }) => (feeUsd ?? 0) <= median),
  };
}

function findingOf({ low, high }: { readonly low: number; readonly high: number }): string {
  if (low > 0) return "higher fees returned more than they cost";
  if (high < 0) return "higher fees cost more than they returned";
  return "the interval contains 0: the data neither show nor rule out that higher fees pay off";
}

function nothing(reason: string, count: number): FeeReturn {
  const none = unknownEstimate(reason, count);
  return {
    ratio: none,
    lossAvoidedUsd: none,
    landingValueUsd: none,
    extraFeeUsd: none,
    includesZero: null,
    finding: reason,
  };
}
