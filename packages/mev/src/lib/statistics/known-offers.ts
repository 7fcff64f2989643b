import type { Bounded } from "@slipstream/stats";
import { boundedEstimate, type Estimate, unknownEstimate } from "./estimate.ts";
import { type Stratum, treatedIn } from "./matched.ts";
import type { MevRecord, OfferSource } from "./mev-record.ts";

/** A trade that was sent, and where its offer is known from. */
interface Sent {
  readonly offer?: OfferSource | undefined;
  readonly onChain: boolean;
}

/**
 * Whether offers decide which trades of these are known to have made them. If tips are seen only on the
 * chain, those of trades that never reached it are not known, and trades with a tip seem to land always. What
 * offers do for landing cannot be learned then.
 */
export function hidesOffers(trades: readonly Sent[]): boolean {
  return (
    trades.some(({ offer }) => offer === "seen") &&
    trades.some(({ offer, onChain }) => offer === "unnamed" && !onChain)
  );
}

/** The trades that reached the chain, without what landing was worth. */
export function withoutLanding(records: readonly MevRecord[]): MevRecord[] {
  return records.filter(({ onChain }) => onChain).map((record) => ({ ...record, valueUsd: null }));
}

const offersHidden =
  "tips are known only from the chain, so not those of trades that did not reach it (name jito.tip_lamports): landing counts as zero";
const notReported = "the worth of landing is not reported and counts as zero";

/** What landing more often was worth, if trades say what landing is worth. */
export function landingValue(strata: readonly Stratum[], value: Bounded, isHidden: boolean): Estimate {
  const count = treatedIn(strata);
  if (strata.some(({ valuesUsd }) => valuesUsd.length > 0))
    return boundedEstimate(value, "bootstrap95", count);
  return unknownEstimate(isHidden ? offersHidden : notReported, count);
}
