import type { Protection } from "../../market/decisions.ts";
import type { Offer } from "../chain/transaction.ts";
import type { Urgency } from "../fees/urgency.ts";
import type { WorldPool } from "../pools/pool.ts";

/**
 * The desk's intention, and what the network will do with it. Nobody in the world sees more than they
 * realistically could.
 */
export interface Decision {
  /** 0, 1, 2, ... in chronological order. */
  readonly index: number;
  readonly slot: number;
  readonly pool: WorldPool;
  readonly buy: boolean;
  readonly sizeUsd: number;
  readonly toleranceBps: number;
  readonly urgency: Urgency;
  readonly protection: Protection;
  readonly policy: string;
  readonly offer: Offer;
  /** Congestion of blocks and of the pair's accounts. */
  readonly congestion: number;
  /** Number of leaders until one includes it; null if the deadline comes first. */
  readonly tries: number | null;
  /** The slot in which it lands; if it never does, the slot in which its blockhash expires. */
  readonly endSlot: number;
}

/** What the fee market sorts by: the priority fee, or the tip for a bundle, in lamports. */
export function bidOf(protection: Protection, offer: Offer, priorityLamports: number): number {
  return protection === "jito" ? offer.tipLamports : priorityLamports;
}
