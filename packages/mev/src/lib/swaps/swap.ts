import type { TransactionFee } from "@slipstream/solana";

/**
 * Where a swap stands, and who sent it. Swaps of a decoded block and those of a file of events are told alike; what only
 * some sources know is optional.
 */
export interface SwapPlace {
  /**
   * Unique among the swaps that are read together. Of a decoded block: signature:instruction, the instruction as "3"
   * or, for an inner one, "3.1".
   */
  readonly id: string;
  /** null where it is not known: a getBlock answer does not hold it. Swaps without a slot count as of one slot. */
  readonly slot: number | null;
  /** Unix seconds, null where the source does not know it. */
  readonly blockTime?: number | null | undefined;
  /** Position of the transaction in the block. */
  readonly txIndex: number;
  /** Position in the transaction: of the swap's instruction, inner ones counted, in the order they ran. */
  readonly eventIndex: number;
  readonly signature: string;
  /** The fee payer. */
  readonly signer: string;
  /** Program of the top-level instruction that led to the swap. */
  readonly program?: string | undefined;
  readonly protocol: string;
  /** Fee of the whole transaction: its other swaps carry the same. */
  readonly fee?: TransactionFee | undefined;
  /** Lamports that the whole transaction paid for its place, beside its fee: to Jito's tip accounts. */
  readonly tipLamports?: bigint | undefined;
  readonly bundleId?: string | undefined;
}

/** A swap that happened. Amounts in atoms, as the pool saw them. */
export interface Swap extends SwapPlace {
  readonly pool: string;
  /** Owner of what the pool took; undefined where it is not known. */
  readonly payer?: string | undefined;
  /** Owner of what the pool gave; undefined where it is not known. */
  readonly recipient?: string | undefined;
  /** Mint that the pool took. */
  readonly tokenIn: string;
  /** Mint that the pool gave. */
  readonly tokenOut: string;
  readonly amountIn: bigint;
  readonly amountOut: bigint;
  /** Atoms of `tokenIn` that the trader paid in fees beside `amountIn`, past the pool; undefined where none are known. */
  readonly feeIn?: bigint | undefined;
  /** Atoms of `amountOut` that went to others in fees, so that the trader got less. */
  readonly feeOut?: bigint | undefined;
  /** What the pool held before the swap; undefined where it is not known in full. */
  readonly reserves?: SwapReserves | undefined;
}

export interface SwapReserves {
  /** Of `tokenIn`, atoms. */
  readonly in: bigint;
  /** Of `tokenOut`, atoms. */
  readonly out: bigint;
}

/** What the trader paid, fees past the pool included, atoms of `tokenIn`. */
export function paidFor({ amountIn, feeIn }: Swap): bigint {
  return amountIn + (feeIn ?? 0n);
}

/** What the trader got, fees past the pool taken off, atoms of `tokenOut`. */
export function gotFrom({ amountOut, feeOut }: Swap): bigint {
  return amountOut - (feeOut ?? 0n);
}

/** A swap that is known to have happened but cannot be read. */
export interface UndecodedSwap extends SwapPlace {
  readonly pool: string | null;
  readonly reason: string;
}

/** A swap in a transaction that failed: no tokens moved, the fee was paid. */
export interface AttemptedSwap extends SwapPlace {
  readonly pool: string | null;
}

/** Order of the chain: slot, then transaction, then place in the transaction. */
export function inChainOrder(a: SwapPlace, b: SwapPlace): number {
  return (a.slot ?? 0) - (b.slot ?? 0) || a.txIndex - b.txIndex || a.eventIndex - b.eventIndex;
}

/** An account of Solana: 32 bytes in base58. */
export function isSolanaAddress(address: string): boolean {
  return /^[1-9A-HJ-NP-Za-km-z]{32,44}$/.test(address);
}

/** Ethereum and its kin: a slot is a block of its own, built by one proposer. */
export function isEvmAddress(address: string): boolean {
  return /^0x[0-9a-f]+$/i.test(address);
}
