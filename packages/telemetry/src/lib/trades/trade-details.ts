import type { FailureReason } from "@slipstream/conventions";

/** A token amount in atoms: a bigint, or decimal digits as Jupiter answers them. */
export type Atoms = bigint | string;

/**
 * What is known about a trade. All fields are optional: an absent field means the value is unknown. The names
 * match the attributes in conventions.
 */
export interface TradeDetails {
  /** Unique id of the trade. */
  readonly id?: string | undefined;
  /** For example "SOL/USDC". */
  readonly pair?: string | undefined;
  readonly side?: "buy" | "sell" | undefined;
  readonly sizeUsd?: number | undefined;
  /**
   * failed: rejected, reverted, or the blockhash expired. Default: the outcome of the call; "success" for
   * `record`.
   */
  readonly status?: "success" | "failed" | undefined;
  /**
   * Why it failed: "slippage", "expired" (the blockhash), "reverted", "rejected" (by the node), "simulation",
   * "insufficient_funds" or "other". Without it, a failed trade counts as "unknown".
   */
  readonly failureReason?: FailureReason | undefined;
  readonly pnlUsd?: number | undefined;
  /** Atoms of the output token. */
  readonly quotedOut?: Atoms | undefined;
  /** Atoms of the output token. */
  readonly actualOut?: Atoms | undefined;
  /** Atoms of the output token. */
  readonly minOut?: Atoms | undefined;
  /** Atoms of the input token. */
  readonly amountIn?: Atoms | undefined;
  /** Mint of the input token. */
  readonly tokenIn?: string | undefined;
  /** Mint of the output token. */
  readonly tokenOut?: string | undefined;
  /** Address of the pool used for the swap. */
  readonly pool?: string | undefined;
  /** The transaction's signature, base58. */
  readonly signature?: string | undefined;
  /** Account that signed and paid for the transaction. */
  readonly signer?: string | undefined;
  readonly slot?: number | undefined;
  /** Lamports, without the base fee. */
  readonly priorityFeeLamports?: number | bigint | undefined;
  readonly baseFeeLamports?: number | bigint | undefined;
  readonly computeUnitLimit?: number | undefined;
  /** Micro-lamports. */
  readonly computeUnitPrice?: number | bigint | undefined;
  readonly jitoTipLamports?: number | bigint | undefined;
  readonly jitoBundleId?: string | undefined;
  /** none, jito, private_rpc, ... */
  readonly protection?: string | undefined;
  /**
   * Time from the decision until the network accepts the transaction, in ms. Default: the span's duration.
   */
  readonly latencyMs?: number | undefined;
  /** Time from the decision until confirmation, in ms. */
  readonly confirmMs?: number | undefined;
  /** SOL price in USD that the desk used. */
  readonly solUsd?: number | undefined;
  readonly strategy?: string | undefined;
  readonly slippageToleranceBps?: number | undefined;
  /** block: read from a recorded block, so it counts in no latency. Default: live, which is not written. */
  readonly source?: "live" | "block" | undefined;
}
