import type { Lamports } from "@slipstream/conventions";
import { valueAt } from "@slipstream/stats";
import { factorAt } from "./attack-by-bid.ts";
import type { AttackModel } from "./attack-model.ts";
import { bidAt } from "./bid-curves.ts";
import type { FeeQuery } from "./fee-advice.ts";
import type { LossModel } from "./loss-model.ts";
import { opportunityLoss } from "./opportunity-loss.ts";
import type { ProtectionModel, UrgencyModel } from "./protection-model.ts";

/** The expected outcome of a bid. */
export interface BidValue {
  /** P_land (V - P_sandwich L) - cost. */
  readonly usd: number;
  /** Standard deviation of `usd` that comes from uncertainty about the attack rate. */
  readonly deviationUsd: number;
  readonly landing: number;
  readonly attack: number;
  readonly worthUsd: number;
  readonly lossUsd: number;
  readonly costUsd: number;
}

/** The models from which the value of a bid is computed. */
export interface BidModels {
  readonly attacks: AttackModel;
  readonly losses: LossModel;
  readonly ofProtection: ProtectionModel;
  readonly ofUrgency: UrgencyModel;
  readonly protection: string;
  readonly baseFeeLamports: Lamports;
}

/**
 * @param x `scaleOf` the bid.
 * @returns Undefined if the worth of landing is unknown.
 */
export function bidValue(query: FeeQuery, models: BidModels, x: number): BidValue | undefined {
  const { pair, sizeUsd, solUsd, valueUsd } = query;
  const { attacks, losses, ofProtection, ofUrgency, protection } = models;
  const { curves, shifts, attackFactor, reverted } = ofUrgency;
  const at = x - (shifts.get(pair) ?? 0);
  const landing = valueAt(curves.landing, at);
  const worthUsd =
    valueUsd ?? (curves.worthBps === undefined ? undefined : (valueAt(curves.worthBps, at) / 1e4) * sizeUsd);
  if (worthUsd === undefined) return undefined;
  const exposed = { ...query, protection };
  const byBid = factorAt(attackFactor, x);
  const attack = Math.min(1, attacks.rateOf(exposed) * byBid);
  const lossUsd = losses.of(exposed) * sizeUsd;
  const bid = bidAt(x);
  const [fee, tip] =
    ofProtection.kind === "tip" ? [ofProtection.otherLamports, bid] : [bid, ofProtection.otherLamports];
  const onChain = Math.min(1, landing + reverted);
  const lamports = landing * tip + onChain * (fee + models.baseFeeLamports);
  const costUsd = (lamports / 1e9) * solUsd;
  return {
    usd: landing * (worthUsd - attack * lossUsd) - costUsd,
    deviationUsd: landing * attacks.deviationOf(exposed) * byBid * lossUsd,
    landing,
    attack,
    worthUsd,
    lossUsd,
    costUsd,
  };
}

/**
 * Maximum expected cost of deciding now, as a share of what landing is worth. Above it, nothing is advised.
 */
const mostOpportunityLoss = 0.05;

/** Whether sending is so uncertain that the decision may cost a good part of the possible gain. */
export function isUndecided({ usd, deviationUsd, landing, worthUsd }: BidValue): boolean {
  return opportunityLoss(usd, deviationUsd) > mostOpportunityLoss * landing * Math.max(0, worthUsd);
}
