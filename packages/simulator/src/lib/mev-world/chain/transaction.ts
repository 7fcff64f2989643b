import { LAMPORTS_PER_SIGNATURE } from "@slipstream/solana";
import type { Token } from "../../market/tokens.ts";
import type { Sides } from "../pools/curve.ts";
import type { WorldPool } from "../pools/pool.ts";
import type { Shadow } from "../pools/shadow.ts";
import type { Form } from "./form.ts";

/** A requested swap. */
export interface SwapOrder {
  readonly pool: WorldPool;
  /** Pays quote for base. */
  readonly buy: boolean;
  /** Atoms; of the output if `exactOut`. */
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

/** What a transaction offers for its position. */
export interface Offer {
  readonly computeUnitLimit: number;
  /** Micro-lamports. */
  readonly computeUnitPrice: number;
  /** Lamports to one of Jito's tip accounts; 0 for none. */
  readonly tipLamports: number;
}

/** Tokens that an owner passes on to another one. */
export interface Pass {
  readonly token: Token;
  /** Owners of the token accounts. */
  readonly from: string;
  readonly to: string;
  /** Atoms. */
  readonly amount: bigint;
}

/** A transaction that does nothing but pass tokens on. */
export function passDraft(pass: Pass): TransactionDraft {
  const offer = { computeUnitLimit: 30_000, computeUnitPrice: 1000, tipLamports: 0 };
  return { signer: pass.from, orders: [], pass, offer };
}

/** A transaction as created by its sender. */
export interface TransactionDraft {
  readonly signer: string;
  /** Its signature; generated if nobody signed it. */
  readonly signature?: string | undefined;
  /** Owner of the token accounts, if different from the signer. */
  readonly owner?: string | undefined;
  /**
   * Program of the instruction that leads to the swaps; undefined if the pool's own program is called
   * directly.
   */
  readonly program?: string | undefined;
  /** Several orders require a router. Empty if it only passes tokens on. */
  readonly orders: readonly SwapOrder[];
  readonly pass?: Pass | undefined;
  /** For a single order: the transaction reverts if the output is lower. */
  readonly minOut?: bigint | undefined;
  readonly offer: Offer;
  readonly bundleId?: string | undefined;
  /** Id of the attack of which it is a leg. */
  readonly legOf?: string | undefined;
  /** Reverts, whatever the pool would return. */
  readonly reverts?: boolean;
  /** Role of the sender if it is neither the desk nor an attacker. */
  readonly role?: NoiseRole;
}

/** An executed swap. */
export interface ExecutedSwap {
  readonly pool: WorldPool;
  readonly buy: boolean;
  readonly exactOut: boolean;
  /** Atoms. */
  readonly amountIn: bigint;
  readonly amountOut: bigint;
  /** The vaults before the swap. */
  readonly before: Sides;
  /**
   * The attack in progress in the pool, of which this is not a leg, and what the pool would have returned
   * without it.
   */
  readonly amid?: { readonly shadow: Shadow; readonly outWithout: bigint } | undefined;
}

/** A transaction in a block. */
export interface WorldTransaction {
  readonly slot: number;
  readonly txIndex: number;
  readonly signature: string;
  readonly draft: TransactionDraft;
  readonly form: Form;
  readonly failed: boolean;
  /** Empty if it failed. */
  readonly swaps: readonly ExecutedSwap[];
  /** Lamports, without the base fee. */
  readonly priorityLamports: bigint;
}

export const BASE_FEE: bigint = LAMPORTS_PER_SIGNATURE;

/** Lamports. The price applies to each unit of the requested limit, rounded up. */
export function priorityLamports({ computeUnitLimit, computeUnitPrice }: Offer): number {
  return Math.ceil((computeUnitLimit * computeUnitPrice) / 1_000_000);
}
