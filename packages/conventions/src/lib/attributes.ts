/** How an attribute's value travels. "decimal" is a string of digits, for integers that a double cannot hold. */
export type AttributeType = "string" | "int" | "double" | "boolean" | "decimal";

export interface SpanAttribute {
  readonly name: string;
  readonly type: AttributeType;
  readonly help: string;
}

/** Attributes of `trade.execute` and its children. Each is optional: what is absent is unknown. */
export const spanAttributes = {
  tradeId: { name: "trade.id", type: "string", help: "Unique for each trade." },
  tradePair: { name: "trade.pair", type: "string", help: 'The pair, as in "SOL/USDC".' },
  tradeSide: { name: "trade.side", type: "string", help: "buy or sell." },
  tradeSizeUsd: { name: "trade.size_usd", type: "double", help: "Size in USD." },
  tradeStatus: {
    name: "trade.status",
    type: "string",
    help: "success or failed (rejected, reverted, or its blockhash expired).",
  },
  tradePnlUsd: { name: "trade.pnl_usd", type: "double", help: "Profit or loss in USD." },
  tradeQuotedOut: {
    name: "trade.quoted_out",
    type: "decimal",
    help: "Quoted output, atoms of the output token.",
  },
  tradeActualOut: {
    name: "trade.actual_out",
    type: "decimal",
    help: "Actual output, atoms of the output token.",
  },
  tradeMinOut: {
    name: "trade.min_out",
    type: "decimal",
    help: "Least output accepted, atoms of the output token.",
  },
  tradeAmountIn: {
    name: "trade.amount_in",
    type: "decimal",
    help: "Input that was swapped, atoms of the input token.",
  },
  tradeTokenIn: { name: "trade.token_in", type: "string", help: "Mint of the input token." },
  tradeTokenOut: { name: "trade.token_out", type: "string", help: "Mint of the output token." },
  tradePool: { name: "trade.pool", type: "string", help: "Address of the pool that was swapped in." },
  tradeLatencyMs: {
    name: "trade.latency_ms",
    type: "double",
    help: "From the decision to the network's acceptance, in ms; where absent, the root span's duration.",
  },
  tradeConfirmMs: {
    name: "trade.confirm_ms",
    type: "double",
    help: "From the decision to confirmation, in ms.",
  },
  tradeSolUsd: { name: "trade.sol_usd", type: "double", help: "Price of SOL in USD that the desk used." },
  tradeStrategy: { name: "trade.strategy", type: "string", help: "The desk's name for the strategy." },
  tradeSlippageToleranceBps: {
    name: "trade.slippage_tolerance_bps",
    type: "double",
    help: "Slippage tolerance, basis points.",
  },
  tradeSource: {
    name: "trade.source",
    type: "string",
    help: "live, or block: read from a recorded block, and so in no latency and in no last-minutes value.",
  },
  solanaSignature: { name: "solana.signature", type: "string", help: "The transaction's signature, base58." },
  solanaSigner: { name: "solana.signer", type: "string", help: "Who signed and paid for the transaction." },
  solanaSlot: { name: "solana.slot", type: "int", help: "The slot the transaction landed in." },
  solanaPriorityFeeLamports: {
    name: "solana.priority_fee_lamports",
    type: "int",
    help: "Priority fee paid, lamports, the base fee not included; once per transaction.",
  },
  solanaBaseFeeLamports: { name: "solana.base_fee_lamports", type: "int", help: "Base fee paid, lamports." },
  solanaComputeUnitLimit: {
    name: "solana.compute_unit_limit",
    type: "int",
    help: "Compute units requested.",
  },
  solanaComputeUnitPrice: {
    name: "solana.compute_unit_price",
    type: "int",
    help: "Price of a compute unit, micro-lamports.",
  },
  jitoTipLamports: { name: "jito.tip_lamports", type: "int", help: "Tip to Jito, lamports." },
  jitoBundleId: { name: "jito.bundle_id", type: "string", help: "Jito's id of the bundle." },
  mevProtection: { name: "mev.protection", type: "string", help: "none, jito, private_rpc, ..." },
  slipstreamSeq: {
    name: "slipstream.seq",
    type: "int",
    help: "1, 2, ... for each span that a process instance ended.",
  },
  slipstreamCanary: {
    name: "slipstream.canary",
    type: "boolean",
    help: "true: in no statistic but slipstream_canary_seconds.",
  },
} as const;

export type AttributeName = (typeof spanAttributes)[keyof typeof spanAttributes]["name"];

/** An attribute's name by its key: `attribute.tradeId` is "trade.id". */
export const attribute: {
  readonly [Key in keyof typeof spanAttributes]: (typeof spanAttributes)[Key]["name"];
} = Object.fromEntries(Object.entries(spanAttributes).map(([key, { name }]) => [key, name])) as never;
