import type { Protection } from "../../market/decisions.ts";
import type { Offer } from "../chain/transaction.ts";
import type { Urgency } from "../fees/urgency.ts";
import type { WorldPool } from "../pools/pool.ts";

/** What the desk wants done, and what the network will make of it: nobody in the world sees more than they could. */
export interface Decision {
  /** 0, 1, 2, ... in order of time. */
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
  /** Of blocks and of the pair's accounts. */
  readonly congestion: number;
  /** How many leaders it takes until one takes it; null where the deadline comes first. */
  readonly tries: number | null;
  /** The slot it lands in; where it never does, the one in which its blockhash has run out. */
  readonly endSlot: number;
}

/** What the fee market orders by: the priority fee, or of a bundle its tip, lamports. */
export function bidOf(protection: Protection, offer: Offer, priorityLamports: number): number {
  return protection === "jito" ? offer.tipLamports : priorityLamports;
}
