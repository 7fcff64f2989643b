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
  readonly pnlUsd?: number | undefined;
  /** Atoms of the output token. */
  readonly quotedOut?: bigint | undefined;
  /** Atoms of the output token. */
  readonly actualOut?: bigint | undefined;
  /** Atoms of the output token. */
  readonly minOut?: bigint | undefined;
  /** The transaction's signature, base58. */
  readonly signature?: string | undefined;
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
