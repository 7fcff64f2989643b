import type { Bps, Lamports } from "@slipstream/conventions";
import type { OfferSource } from "../statistics/mev-record.ts";
import type { VerdictKind } from "../verdict/model.ts";

/** A trade that was sent, with its bid and its outcome. Fee advice is learned from these. */
export interface FeeTrial {
  readonly pair: string;
  readonly sizeUsd: number;
  /** How soon it had to land, as named by the desk: "low", "normal", "high". */
  readonly urgency: string;
  readonly protection: string;
  /** Slippage tolerance in basis points; null or absent if unknown. */
  readonly toleranceBps?: Bps | null | undefined;
  readonly priorityFeeLamports: Lamports;
  readonly tipLamports: Lamports;
  /** Default: named. */
  readonly offer?: OfferSource | undefined;
  /**
   * `expired`: never reached the chain and paid nothing. `reverted`: paid the priority fee but not the tip.
   */
  readonly outcome: "landed" | "reverted" | "expired";
  readonly verdict: VerdictKind | null;
  /** Loss ratio of an impacted trade; null if unknown. */
  readonly lossRatio: number | null;
  /** Worth of landing, before losses to MEV and fees; null if unknown, and for trades that did not land. */
  readonly valueUsd: number | null;
}

/**
 * The part of the offer that decides whether a trade lands: the tip if most of the protection's trials paid
 * one, otherwise the priority fee. The other part is taken as given.
 */
export type BidKind = "priority_fee" | "tip";

export function bidOf({ priorityFeeLamports, tipLamports }: FeeTrial, kind: BidKind): Lamports {
  return kind === "tip" ? tipLamports : priorityFeeLamports;
}

export function bidKindOf(trials: readonly FeeTrial[]): BidKind {
  const tipped = trials.filter(({ tipLamports }) => tipLamports > 0).length;
  return tipped * 2 > trials.length ? "tip" : "priority_fee";
}
