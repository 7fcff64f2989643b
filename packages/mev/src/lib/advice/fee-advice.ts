import type { Bps, Lamports } from "@slipstream/conventions";
import type { Estimate } from "../statistics/estimate.ts";

export interface FeeQuery {
  readonly pair: string;
  readonly sizeUsd: number;
  readonly urgency: string;
  /** Slippage tolerance, basis points: how much attackers can take. undefined: any, as often as the pair's trades had it. */
  readonly toleranceBps?: Bps | undefined;
  /** Of SOL, to weigh lamports. */
  readonly solUsd: number;
  /** What landing is worth, before losses and fees; where undefined, what trades of this urgency were worth, by size. */
  readonly valueUsd?: number | undefined;
  /** Those to choose from; undefined: every one that was used. */
  readonly protections?: readonly string[] | undefined;
}

/** The best offer with one protection. */
export interface ProtectionAdvice {
  readonly protection: string;
  readonly priorityFeeLamports: Lamports;
  readonly tipLamports: Lamports;
  /** P_land (V - P_sandwich L) - cost. */
  readonly expectedUsd: number;
  /** Whether that is above 0: else it is better not to send it this way. */
  readonly isWorthSending: boolean;
  readonly costUsd: number;
  /** V and L. */
  readonly worthUsd: number;
  readonly lossUsd: number;
  /** P_land, with the interval of trades with bids like this. */
  readonly landing: Estimate;
  /** P_sandwich of what lands, with the interval of trades of this pair and size bucket by themselves. */
  readonly attack: Estimate;
  readonly evidence: readonly string[];
}

export type FeeAdvice =
  | {
      readonly advice: ProtectionAdvice;
      /** What the other protections would be worth. */
      readonly others: readonly ProtectionAdvice[];
      /** Of those that nothing can be said of. */
      readonly reasons: readonly string[];
    }
  | { readonly advice: null; readonly reason: string };
