import type { Bps } from "@slipstream/conventions";
import type { VerdictKind } from "../verdict/model.ts";

/**
 * Where a trade's tip and protection are known from: `named` by the trade; `seen` only on the chain, in the
 * tip that its transaction paid; `unnamed`: the trade names no tip, and none was seen.
 */
export type OfferSource = "named" | "seen" | "unnamed";

/** A trade of the desk with its verdict, the input of the MEV statistics. */
export interface MevRecord {
  readonly tradeId: string;
  /** Unix milliseconds. */
  readonly timeMs: number;
  readonly pair: string;
  readonly sizeUsd: number | null;
  /** "none", "jito", "private_rpc", ... */
  readonly protection: string;
  /** Default: named. */
  readonly offer?: OfferSource | undefined;
  /** The block's producer. */
  readonly leader: string | null;
  readonly toleranceBps: Bps | null;
  /** Whether it was executed. */
  readonly landed: boolean;
  /** Whether it is on the chain, executed or reverted. Other trades could not be attacked. */
  readonly onChain: boolean;
  /** null if there is no verdict yet, and for trades that never reached the chain. */
  readonly verdict: VerdictKind | null;
  /**
   * Whether everything the verdict needs could be read. If not, a verdict was reached only because an attack
   * was visible despite the missing data. It counts as an attack, but says nothing about how frequent attacks
   * are.
   */
  readonly isWhole: boolean;
  /** For an impacted trade: loss / what it would have received; null if unknown. */
  readonly lossRatio: number | null;
  /** Error of the replay behind the ratio, relative to the output; null if unknown. */
  readonly lossResidual: number | null;
  /** Priority fee plus tip as offered; null if there is no SOL price to convert lamports to USD. */
  readonly feeUsd: number | null;
  /** The part of the fee that was paid: 0 if the trade never reached the chain. */
  readonly paidUsd: number | null;
  /** Worth of landing, before losses to MEV and fees; null if the desk does not report it. */
  readonly valueUsd: number | null;
}

/**
 * Whether everything the verdict needs could be read, according to its evidence: no nearby block and no pool
 * of its route is missing.
 */
export function isWholeBy(evidence: readonly { readonly kind: string }[]): boolean {
  return !evidence.some(({ kind }) => kind === "slot" || kind === "route");
}

/** Whether it may be counted in rates: whether it has a verdict does not depend on which verdict it is. */
export function isKnown({ verdict, isWhole }: MevRecord): boolean {
  return isWhole && verdict !== null && verdict !== "unknown";
}

/** Impacted or avoided: there was an attack. */
export function isAttacked({ verdict }: MevRecord): boolean {
  return verdict === "impacted" || verdict === "avoided";
}

/** What an impacted trade lost; 0 for other known verdicts; null if unknown. */
export function lossUsd(record: MevRecord): number | null {
  const { verdict, lossRatio, sizeUsd } = record;
  if (verdict === null || verdict === "unknown") return null;
  if (verdict !== "impacted") return 0;
  return lossRatio === null || sizeUsd === null ? null : lossRatio * sizeUsd;
}
