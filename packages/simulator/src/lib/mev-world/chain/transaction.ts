import { LAMPORTS_PER_SIGNATURE } from "@slipstream/solana";
import type { Sides } from "../pools/curve.ts";
import type { WorldPool } from "../pools/pool.ts";
import type { Shadow } from "../pools/shadow.ts";

/** A swap that somebody wants. */
export interface SwapOrder {
  readonly pool: WorldPool;
  /** Pays quote for base. */
  readonly buy: boolean;
  /** Atoms; of the output where `exactOut`. */
  readonly amount: bigint;
  readonly exactOut?: boolean;
}

export type NoiseRole =
  | "person"
  | "unlucky"
  | "copy"
  | "arbitrage"
  | "pool_arbitrage"
  | "maker"
  | "double_route";

/** What a transaction offers for its place. */
export interface Offer {
  readonly computeUnitLimit: number;
  /** Micro-lamports. */
  readonly computeUnitPrice: number;
  /** Lamports to one of Jito's tip accounts; 0 for none. */
  readonly tipLamports: number;
}

/** A transaction as its sender made it. */
export interface TransactionDraft {
  readonly signer: string;
  /** As it was signed; made up where nobody signed it. */
  readonly signature?: string | undefined;
  /** Owner of the token accounts, where it is not the signer. */
  readonly owner?: string | undefined;
  /** Program of the instruction that leads to the swaps; undefined where the pool's own is called. */
  readonly program?: string | undefined;
  /** With several, a router's. */
  readonly orders: readonly [SwapOrder, ...SwapOrder[]];
  /** Of a single order: less output reverts it. */
  readonly minOut?: bigint | undefined;
  readonly offer: Offer;
  readonly bundleId?: string | undefined;
  /** Id of the attack that it is a leg of. */
  readonly legOf?: string | undefined;
  /** It reverts, whatever the pool would give. */
  readonly reverts?: boolean;
  /** What its sender is, where it is neither the desk nor an attacker. */
  readonly role?: NoiseRole;
}

/** A swap that was done. */
export interface ExecutedSwap {
  readonly pool: WorldPool;
  readonly buy: boolean;
  readonly exactOut: boolean;
  /** Atoms. */
  readonly amountIn: bigint;
  readonly amountOut: bigint;
  /** The vaults before it. */
  readonly before: Sides;
  /** The attack that was under way in the pool and that this is no leg of, and what the pool would have given without. */
  readonly amid?: { readonly shadow: Shadow; readonly outWithout: bigint } | undefined;
}

/** A transaction that is in a block. */
export interface WorldTransaction {
  readonly slot: number;
  readonly txIndex: number;
  readonly signature: string;
  readonly draft: TransactionDraft;
  readonly failed: boolean;
  /** None where it failed. */
  readonly swaps: readonly ExecutedSwap[];
  /** Lamports, the base fee not included. */
  readonly priorityLamports: bigint;
}

export const BASE_FEE: bigint = LAMPORTS_PER_SIGNATURE;

/** Lamports: the price is for each unit of the limit asked for, rounded up. */
export function priorityLamports({ computeUnitLimit, computeUnitPrice }: Offer): number {
  return Math.ceil((computeUnitLimit * computeUnitPrice) / 1_000_000);
}
