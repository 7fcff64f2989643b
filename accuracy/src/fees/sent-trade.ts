import type { FeeTrial } from "@slipstream/mev";
import type { FeeContext, MevTradeTruth, MevWorld } from "@slipstream/simulator";
import type { Sent } from "./fee-trials.ts";

/** Of a trade's truth, what the value of a bid depended on: of a million trades no more is kept. */
export type BidTruth = Pick<
  MevTradeTruth,
  "id" | "pair" | "pool" | "sizeUsd" | "urgency" | "protection" | "toleranceBps" | "congestion"
>;

export function bidTruth({
  id,
  pair,
  pool,
  sizeUsd,
  urgency,
  protection,
  toleranceBps,
  congestion,
}: MevTradeTruth): BidTruth {
  return { id, pair, pool, sizeUsd, urgency, protection, toleranceBps, congestion };
}

/** A trade of the desk. */
export interface SentTrade {
  readonly truth: BidTruth;
  readonly sent: Sent;
  readonly trial: FeeTrial;
}

/** What the value of a bid on it truly depended on. */
export function contextOf(world: MevWorld, { truth, sent }: Pick<SentTrade, "truth" | "sent">): FeeContext {
  const { pair, pool, sizeUsd, urgency, protection, toleranceBps, congestion } = truth;
  const hour = (sent.startMs / 3_600_000) % 24;
  const { solUsd } = sent;
  return world.feeContext({
    pair,
    pool,
    sizeUsd,
    urgency,
    protection,
    toleranceBps,
    hour,
    congestion,
    solUsd,
  });
}
