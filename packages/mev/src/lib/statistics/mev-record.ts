import type { Bps } from "@slipstream/conventions";
import type { VerdictKind } from "../verdict/model.ts";

/** A trade of the desk with its verdict: what MEV statistics are made of. */
export interface MevRecord {
  readonly tradeId: string;
  /** Unix milliseconds. */
  readonly timeMs: number;
  readonly pair: string;
  readonly sizeUsd: number | null;
  /** "none", "jito", "private_rpc", ... */
  readonly protection: string;
  /** Who made the block. */
  readonly leader: string | null;
  readonly toleranceBps: Bps | null;
  /** Whether it was executed. */
  readonly landed: boolean;
  /** Whether it stands on the chain, executed or reverted: the others could not be attacked. */
  readonly onChain: boolean;
  /** null: none yet, and of trades that never reached the chain. */
  readonly verdict: VerdictKind | null;
  /**
   * Whether all that its verdict needs could be read. Where not, a verdict was reached only because an attack showed, in spite
   * of what is missing: it is one attack, but says nothing of how frequent they are.
   */
  readonly isWhole: boolean;
  /** Of an impacted trade: loss / what it would have got; null where it is not known. */
  readonly lossRatio: number | null;
  /** How far the replay that told the ratio misses what did happen, relative to the output; null where it is not known. */
  readonly lossResidual: number | null;
  /** Priority fee and tip together, as offered; null where lamports cannot be told in USD. */
  readonly feeUsd: number | null;
  /** What of it was paid: nothing where the trade never reached the chain. */
  readonly paidUsd: number | null;
  /** What landing was worth, before losses to MEV and fees; null where the desk does not tell it. */
  readonly valueUsd: number | null;
}

/** Whether what a verdict needs could be read, by its evidence: no block near it is missing, and no pool of its route. */
export function isWholeBy(evidence: readonly { readonly kind: string }[]): boolean {
  return !evidence.some(({ kind }) => kind === "slot" || kind === "route");
}

/** Whether it may be counted among others: its verdict does not depend on what it is. */
export function isKnown({ verdict, isWhole }: MevRecord): boolean {
  return isWhole && verdict !== null && verdict !== "unknown";
}

/** Impacted or avoided: somebody tried. */
export function isAttacked({ verdict }: MevRecord): boolean {
  return verdict === "impacted" || verdict === "avoided";
}

/** What an impacted trade lost; 0 for others whose verdict is known; null where it is not known. */
export function lossUsd(record: MevRecord): number | null {
  const { verdict, lossRatio, sizeUsd } = record;
  if (verdict === null || verdict === "unknown") return null;
  if (verdict !== "impacted") return 0;
  return lossRatio === null || sizeUsd === null ? null : lossRatio * sizeUsd;
}
