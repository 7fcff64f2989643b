/**
 * The most that a trading desk can have of something. A value beyond is a mistake of the service that sent it: a wrong unit, an
 * uninitialized field, a sum of sums. It is not counted, for one of them would make every total wrong for good; it is reported
 * instead. The bounds are far above what happens, and low enough that sums of such values stay exact.
 */
export const limits = {
  /** Dollars of one trade, won or lost. The largest pools on Solana hold some hundreds of millions. */
  tradeUsd: 1e9,
  /** Dollars that a SOL is worth. At this price all SOL would be worth more than everything on Earth. */
  solUsd: 1e6,
  /** Lamports that one transaction pays or tips: a million SOL. The whole chain does not pay as much in a month. */
  lamports: 1e15,
  /** A `u32` in the compute budget program. */
  computeUnitLimit: 4_294_967_295,
  /** Micro-lamports. One compute unit at this price costs a SOL. */
  computeUnitPrice: 1e15,
  /** At two and a half slots a second, slots of 12,000 years. */
  slot: 1e12,
  /** Basis points: all of it. */
  slippageToleranceBps: 10_000,
  /** abs(actual - quoted) / quoted. A hundred times the quoted output: the two are not in the same unit. */
  slippageRatio: 100,
  /** Milliseconds of a trade or of a call: a day. A blockhash, and with it a transaction, expires after 90 s. */
  latencyMs: 86_400_000,
  /** Positions that a process holds open. */
  positions: 1e6,
  /** Connections that a process holds open: it has 65,535 ports for each address. */
  connections: 1e6,
  /** Bytes: 2^50, a pebibyte of memory. 2^63, which systems give for "no limit", is none. */
  memoryBytes: 1_125_899_906_842_624,
  /** Percent of one core: ten thousand cores. */
  cpuPercent: 1e6,
} as const;
