import { compare } from "./comparison.ts";
import { groupBy } from "./dimensions.ts";
import { boundedEstimate, type Estimate, unknownEstimate } from "./estimate.ts";
import { hidesOffers, landingValue, withoutLanding } from "./known-offers.ts";
import { stratify, treatedIn } from "./matched.ts";
import type { MevRecord } from "./mev-record.ts";
import { kindOf, relativeAvoidance } from "./relative-avoidance.ts";

/**
 * What a protection cost and returned, over the trades that used it, compared with unprotected trades of the
 * same pair and size.
 */
export interface ProtectionValue {
  readonly protection: string;
  readonly trades: number;
  /** Fees and tips beyond those of the unprotected trades. */
  readonly costUsd: Estimate;
  /** Losses of the unprotected trades that the protected ones did not have. */
  readonly lossAvoidedUsd: Estimate;
  /** Additional landed trades (negative: fewer), times the worth of landing. */
  readonly landingValueUsd: Estimate;
  readonly netUsd: Estimate;
  readonly relativeAvoidance: Estimate;
}

export function protectionValues(records: readonly MevRecord[]): ProtectionValue[] {
  const isHidden = hidesOffers(records);
  // Those that never reached the chain may have had any protection.
  const known = isHidden ? withoutLanding(records) : records;
  return [...groupBy(records, ({ protection }) => protection)]
    .filter(([protection]) => protection !== "none")
    .map(([protection, own]) => protectionValue(known, protection, own.length, isHidden))
    .sort((a, b) => b.trades - a.trades || (a.protection < b.protection ? -1 : 1));
}

function protectionValue(
  records: readonly MevRecord[],
  protection: string,
  trades: number,
  isHidden: boolean,
): ProtectionValue {
  const strata = stratify(records, kindOf, (stratum) => ({
    treated: stratum.filter((record) => record.protection === protection),
    control: stratum.filter((record) => record.protection === "none"),
  }));
  const count = treatedIn(strata);
  const base = { protection, trades, relativeAvoidance: relativeAvoidance(records, protection) };
  const compared = count === 0 ? "too few trades of a pair and size with and without it" : compare(strata);
  if (typeof compared === "string") {
    const none = unknownEstimate(compared, count);
    return { ...base, costUsd: none, lossAvoidedUsd: none, landingValueUsd: none, netUsd: none };
  }
  const { landingValueUsd, extraFeeUsd, worth } = compared;
  const ofWorth = (key: "lossAvoidedUsd" | "netUsd"): Estimate =>
    typeof worth === "string"
      ? unknownEstimate(worth, count)
      : boundedEstimate(worth[key], "combined95", count);
  return {
    ...base,
    costUsd: boundedEstimate(extraFeeUsd, "bootstrap95", count),
    lossAvoidedUsd: ofWorth("lossAvoidedUsd"),
    landingValueUsd: landingValue(strata, landingValueUsd, isHidden),
    netUsd: ofWorth("netUsd"),
  };
}
