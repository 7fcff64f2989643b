import type { Bps, Lamports } from "@slipstream/conventions";
import type { VerdictKind } from "../verdict/model.ts";

/** A trade that was sent, with what it offered and what became of it: what fee advice is learned from. */
export interface FeeTrial {
  readonly pair: string;
  readonly sizeUsd: number;
  /** How soon it had to land, in the desk's own words: "low", "normal", "high". */
  readonly urgency: string;
  readonly protection: string;
  /** Slippage tolerance, basis points; null or absent where it is not known. */
  readonly toleranceBps?: Bps | null | undefined;
  readonly priorityFeeLamports: Lamports;
  readonly tipLamports: Lamports;
  /** `expired`: never reached the chain, and paid nothing. `reverted`: paid its priority fee, not its tip. */
  readonly outcome: "landed" | "reverted" | "expired";
  readonly verdict: VerdictKind | null;
  /** Of an impacted trade; null where it is not known. */
  readonly lossRatio: number | null;
  /** What landing was worth, before losses to MEV and fees; null where it is not known, and for what did not land. */
  readonly valueUsd: number | null;
}

/**
 * The part of an offer that decides on landing: of protections that are used with tips (most of their trials paid one) the
 * tip, else the priority fee. The other part is taken as given.
 */
export type BidKind = "priority_fee" | "tip";

export function bidOf({ priorityFeeLamports, tipLamports }: FeeTrial, kind: BidKind): Lamports {
  return kind === "tip" ? tipLamports : priorityFeeLamports;
}

export function bidKindOf(trials: readonly FeeTrial[]): BidKind {
  const tipped = trials.filter(({ tipLamports }) => tipLamports > 0).length;
  return tipped * 2 > trials.length ? "tip" : "priority_fee";
}
