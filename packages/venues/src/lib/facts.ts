import type { FailureReason } from "@slipstream/conventions";
import type { SentTransaction } from "./transaction/sent-transaction.ts";

export type Commitment = "processed" | "confirmed" | "finalized";

/** What an answer or a notification says of trades. Amounts are decimal strings, in atoms. */
export type TradeFact =
  | StatusFact
  | MissingFact
  | RealisedFact
  | QuoteFact
  | BuiltFact
  | ExecutedFact
  | BundleFact
  | RefusedFact
  | { readonly kind: "accepted"; readonly signature: string | undefined }
  /** The node was at this height. */
  | { readonly kind: "height"; readonly height: number }
  | { readonly kind: "blockhash"; readonly blockhash: string; readonly lastValidHeight: number }
  /** A subscription reports what becomes of the signature, from now on until it no longer does. */
  | { readonly kind: "watching"; readonly signature: string; readonly isOver: boolean }
  | { readonly kind: "sol_price"; readonly usd: number };

/** The transaction is on the chain. */
export interface StatusFact {
  readonly kind: "status";
  readonly signature: string;
  readonly slot: number | undefined;
  /** undefined: who says it does not say how sure that is. */
  readonly commitment: Commitment | undefined;
  readonly failed: boolean;
  /** If it failed. */
  readonly reason: FailureReason | undefined;
}

/** A node does not know the transaction. */
export interface MissingFact {
  readonly kind: "missing";
  readonly signature: string;
}

/** What a transaction on the chain paid and moved. */
export interface RealisedFact {
  readonly kind: "realised";
  readonly signature: string;
  /** Lamports, base fee and priority fee. */
  readonly fee: number;
  readonly signatures: number;
  /** By owner and mint, what was gained; lamports are those of wrapped SOL, without fees, tips and rent. */
  readonly gains: readonly { readonly owner: string; readonly mint: string; readonly atoms: bigint }[];
}

export interface QuoteFact {
  readonly kind: "quote";
  readonly quote: Quote;
  /** Of an order, to execute it by. */
  readonly requestId: string | undefined;
}

/** What Jupiter offers. */
export interface Quote {
  readonly inputMint: string;
  readonly outputMint: string;
  readonly inAmount: string;
  readonly outAmount: string;
  /** Least output, or for ExactOut most input. */
  readonly threshold: string | undefined;
  readonly exactOut: boolean;
  readonly slippageBps: number | undefined;
  /** A ratio: 0.01 is one percent. */
  readonly priceImpact: number | undefined;
  readonly usd: number | undefined;
  /** Pools on the way. */
  readonly pools: readonly string[];
  readonly labels: readonly string[];
  /** The same for the same quote, in an answer or in the request that uses it. */
  readonly key: string;
}

/** A transaction, or the instruction of one, that the service is to sign. */
export interface BuiltFact {
  readonly kind: "built";
  readonly transaction: SentTransaction | undefined;
  /** Hashes of the data of the instruction that swaps. */
  readonly swapHashes: readonly string[];
  readonly lastValidHeight: number | undefined;
  readonly requestId: string | undefined;
}

/** What Jupiter says of a transaction that it has sent. */
export interface ExecutedFact {
  readonly kind: "executed";
  readonly requestId: string | undefined;
  readonly signature: string | undefined;
  readonly slot: number | undefined;
  readonly failed: boolean;
  readonly reason: FailureReason | undefined;
  readonly inAmount: string | undefined;
  readonly outAmount: string | undefined;
}

/** A bundle was taken. Its id is a receipt, and says nothing of what becomes of it. */
export interface BundleFact {
  readonly kind: "bundle";
  readonly bundleId: string;
}

/** Who got the transaction did not take it. */
export interface RefusedFact {
  readonly kind: "refused";
  /** Whether it is certain that it was not passed on. */
  readonly isCertain: boolean;
  readonly reason: FailureReason;
}
