/** What is known of a trade. Each is optional: what is absent is unknown. Names as conventions' attributes. */
export interface TradeDetails {
  /** Unique for each trade. */
  readonly id?: string | undefined;
  /** As in "SOL/USDC". */
  readonly pair?: string | undefined;
  readonly side?: "buy" | "sell" | undefined;
  readonly sizeUsd?: number | undefined;
  /** failed: rejected, reverted, or its blockhash expired. Default: how the call ended; "success" for `record`. */
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
  /** Lamports, the base fee not included. */
  readonly priorityFeeLamports?: number | bigint | undefined;
  readonly baseFeeLamports?: number | bigint | undefined;
  readonly computeUnitLimit?: number | undefined;
  /** Micro-lamports. */
  readonly computeUnitPrice?: number | bigint | undefined;
  readonly jitoTipLamports?: number | bigint | undefined;
  readonly jitoBundleId?: string | undefined;
  /** none, jito, private_rpc, ... */
  readonly protection?: string | undefined;
  /** From the decision to the network's acceptance, ms. Default: the span's duration. */
  readonly latencyMs?: number | undefined;
  /** From the decision to confirmation, ms. */
  readonly confirmMs?: number | undefined;
  /** Price of SOL in USD that the desk used. */
  readonly solUsd?: number | undefined;
  readonly strategy?: string | undefined;
  readonly slippageToleranceBps?: number | undefined;
  /** block: read from a recorded block; in no latency. Default: live, and not written. */
  readonly source?: "live" | "block" | undefined;
}
