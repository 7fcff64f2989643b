import { failureReasons } from "./failure-reasons.ts";
import { limits } from "./limits.ts";
import { type NamesOf, namesOf } from "./names-of.ts";
import { tradeSides, tradeSources, tradeStatuses } from "./trade-words.ts";

/**
 * How an attribute's value is encoded. "decimal" is a string of digits, for integers too large for a double.
 */
export type AttributeType = "string" | "int" | "double" | "boolean" | "decimal";

export interface SpanAttribute {
  readonly name: string;
  readonly type: AttributeType;
  readonly help: string;
  /** Of a number: the least and the most that it may be. A value beyond is not counted, but reported. */
  readonly min?: number;
  readonly max?: number;
  /** Of a text: the words that it may be. */
  readonly words?: readonly string[];
}

/**
 * Attributes of `trade.execute` and its children. All are optional: an absent attribute means the value is
 * unknown.
 */
export const spanAttributes = {
  tradeId: { name: "trade.id", type: "string", help: "Unique id of the trade." },
  tradePair: { name: "trade.pair", type: "string", help: 'The pair, for example "SOL/USDC".' },
  tradeSide: {
    name: "trade.side",
    type: "string",
    words: tradeSides as typeof tradeSides,
    help: "Whether the desk bought or sold the pair's first token.",
  },
  tradeSizeUsd: {
    name: "trade.size_usd",
    type: "double",
    min: 0,
    max: limits.tradeUsd as number,
    help: "Size in USD.",
  },
  tradeStatus: {
    name: "trade.status",
    type: "string",
    words: tradeStatuses as typeof tradeStatuses,
    help: "The outcome; failed: rejected, reverted, or the blockhash expired. See below.",
  },
  tradeFailureReason: {
    name: "trade.failure_reason",
    type: "string",
    words: failureReasons as typeof failureReasons,
    help: "Why the trade failed. Any other word counts as other.",
  },
  tradePnlUsd: {
    name: "trade.pnl_usd",
    type: "double",
    min: -limits.tradeUsd as number,
    max: limits.tradeUsd as number,
    help: "Profit or loss in USD.",
  },
  tradeQuotedOut: {
    name: "trade.quoted_out",
    type: "decimal",
    help: "Quoted output, in atoms of the output token.",
  },
  tradeActualOut: {
    name: "trade.actual_out",
    type: "decimal",
    help: "Actual output, in atoms of the output token.",
  },
  tradeMinOut: {
    name: "trade.min_out",
    type: "decimal",
    help: "Minimum output accepted, in atoms of the output token.",
  },
  tradeAmountIn: {
    name: "trade.amount_in",
    type: "decimal",
    help: "Input that was swapped, in atoms of the input token.",
  },
  tradeTokenIn: { name: "trade.token_in", type: "string", help: "Mint of the input token." },
  tradeTokenOut: { name: "trade.token_out", type: "string", help: "Mint of the output token." },
  tradePool: { name: "trade.pool", type: "string", help: "Address of the pool used for the swap." },
  tradeLatencyMs: {
    name: "trade.latency_ms",
    type: "double",
    min: 0,
    max: limits.latencyMs as number,
    help: "Time from the decision until the network accepts the transaction, in ms. If absent, the root span's duration is used.",
  },
  tradeConfirmMs: {
    name: "trade.confirm_ms",
    type: "double",
    min: 0,
    max: limits.latencyMs as number,
    help: "Time from the decision until confirmation, in ms.",
  },
  tradeSolUsd: {
    name: "trade.sol_usd",
    type: "double",
    min: 0,
    max: limits.solUsd as number,
    help: "SOL price in USD that the desk used.",
  },
  tradeStrategy: { name: "trade.strategy", type: "string", help: "The desk's name for the strategy." },
  tradeSlippageToleranceBps: {
    name: "trade.slippage_tolerance_bps",
    type: "double",
    min: 0,
    max: limits.slippageToleranceBps as number,
    help: "Slippage tolerance, in basis points.",
  },
  tradeSource: {
    name: "trade.source",
    type: "string",
    words: tradeSources as typeof tradeSources,
    help: "live, or block if read from a recorded block. Absent: live. Trades from blocks are excluded from latencies and from values over the last minutes, and so are those with any other word.",
  },
  solanaSignature: { name: "solana.signature", type: "string", help: "The transaction's signature, base58." },
  solanaSigner: {
    name: "solana.signer",
    type: "string",
    help: "Account that signed and paid for the transaction.",
  },
  solanaSlot: {
    name: "solana.slot",
    type: "int",
    min: 0,
    max: limits.slot as number,
    help: "Slot in which the transaction landed.",
  },
  solanaPriorityFeeLamports: {
    name: "solana.priority_fee_lamports",
    type: "int",
    min: 0,
    max: limits.lamports as number,
    help: "Priority fee paid, in lamports, without the base fee; once per transaction.",
  },
  solanaBaseFeeLamports: {
    name: "solana.base_fee_lamports",
    type: "int",
    min: 0,
    max: limits.lamports as number,
    help: "Base fee paid, in lamports.",
  },
  solanaComputeUnitLimit: {
    name: "solana.compute_unit_limit",
    type: "int",
    min: 0,
    max: limits.computeUnitLimit as number,
    help: "Compute units requested.",
  },
  solanaComputeUnitPrice: {
    name: "solana.compute_unit_price",
    type: "int",
    min: 0,
    max: limits.computeUnitPrice as number,
    help: "Price of a compute unit, in micro-lamports.",
  },
  jitoTipLamports: {
    name: "jito.tip_lamports",
    type: "int",
    min: 0,
    max: limits.lamports as number,
    help: "Tip to Jito or another landing service, in lamports. What the transaction is seen to pay on the chain counts instead.",
  },
  jitoBundleId: { name: "jito.bundle_id", type: "string", help: "Jito's bundle id." },
  mevProtection: {
    name: "mev.protection",
    type: "string",
    help: "none, jito, private_rpc, ... If absent: jito if there is a jito.bundle_id, else the service that got the transaction's tip, as seen on the chain.",
  },
  slipstreamSeq: {
    name: "slipstream.seq",
    type: "int",
    help: "1, 2, ...: numbers the spans that a process instance ends.",
  },
  slipstreamCanary: {
    name: "slipstream.canary",
    type: "boolean",
    help: "true: the trade tests the pipeline. It and what comes after it in its trace count as canaries only, in no other statistic.",
  },
} as const;

export type AttributeName = (typeof spanAttributes)[keyof typeof spanAttributes]["name"];

/** An attribute's name by its key: `attribute.tradeId` is "trade.id". */
export const attribute: NamesOf<typeof spanAttributes> = namesOf(spanAttributes);
