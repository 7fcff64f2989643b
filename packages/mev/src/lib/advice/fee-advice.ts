import type { Bps, Lamports } from "@slipstream/conventions";
import type { Estimate } from "../statistics/estimate.ts";

export interface FeeQuery {
  readonly pair: string;
  readonly sizeUsd: number;
  readonly urgency: string;
  /**
   * Slippage tolerance in basis points: the most that attackers can take. If undefined, the average over the
   * pair's trades.
   */
  readonly toleranceBps?: Bps | undefined;
  /** SOL price, to convert lamports. */
  readonly solUsd: number;
  /**
   * Worth of landing, before losses and fees. If undefined: the worth of past trades of this urgency, in
   * proportion to size.
   */
  readonly valueUsd?: number | undefined;
  /** The protections to choose from; if undefined, every one that has been used. */
  readonly protections?: readonly string[] | undefined;
}

/** The best bid with one protection. */
export interface ProtectionAdvice {
  readonly protection: string;
  readonly priorityFeeLamports: Lamports;
  readonly tipLamports: Lamports;
  /** P_land (V - P_sandwich L) - cost. */
  readonly expectedUsd: number;
  /** Whether `expectedUsd` is above 0. If not, it is better not to send the trade this way. */
  readonly isWorthSending: boolean;
  readonly costUsd: number;
  /** V and L. */
  readonly worthUsd: number;
  readonly lossUsd: number;
  /** P_land, with the interval over trades with similar bids. */
  readonly landing: Estimate;
  /** P_sandwich for landed trades, with the interval over the trades of this pair and size bucket alone. */
  readonly attack: Estimate;
  readonly evidence: readonly string[];
}

export type FeeAdvice =
  | {
      readonly advice: ProtectionAdvice;
      /** The value of the other protections. */
      readonly others: readonly ProtectionAdvice[];
      /** Why there is no advice for the remaining protections. */
      readonly reasons: readonly string[];
    }
  | { readonly advice: null; readonly reason: string };
