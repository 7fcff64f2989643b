import type { Tip, TransactionFee } from "@slipstream/solana";

/**
 * The position of a swap in the chain, and who sent it. Swaps from decoded blocks and from event files have
 * the same form; fields known only to some sources are optional.
 */
export interface SwapPlace {
  /**
   * Unique among the swaps that are read together. For a decoded block: signature:instruction, with the
   * instruction as "3" or, for an inner one, "3.1".
   */
  readonly id: string;
  /** null if unknown: a getBlock answer does not contain it. Swaps without a slot are treated as one slot. */
  readonly slot: number | null;
  /** Unix seconds; null if the source does not know the time. */
  readonly blockTime?: number | null | undefined;
  /** Position of the transaction in the block. */
  readonly txIndex: number;
  /**
   * Position of the swap's instruction in the transaction, including inner instructions, in execution order.
   */
  readonly eventIndex: number;
  readonly signature: string;
  /** The fee payer. */
  readonly signer: string;
  /** Program of the top-level instruction that led to the swap. */
  readonly program?: string | undefined;
  readonly protocol: string;
  /** Fee of the whole transaction; its other swaps have the same. */
  readonly fee?: TransactionFee | undefined;
  /** Lamports that the whole transaction paid to tip accounts of landing services, in addition to its fee. */
  readonly tipLamports?: bigint | undefined;
  /**
   * The same by landing service, the most first. A failed transaction offered them and paid none. Absent if
   * there are none, or if the services are not known.
   */
  readonly tips?: readonly PlacedTip[] | undefined;
  readonly bundleId?: string | undefined;
}

export interface PlacedTip extends Tip {
  /** The transaction that paid it, if that is another one: the next to it, as in a bundle. */
  readonly transaction?: string | undefined;
}

/** A swap that happened. Amounts are in atoms, from the pool's point of view. */
export interface Swap extends SwapPlace {
  readonly pool: string;
  /** Owner of what the pool received; undefined if unknown. */
  readonly payer?: string | undefined;
  /** Owner of what the pool paid out; undefined if unknown. */
  readonly recipient?: string | undefined;
  /** Mint that the pool received. */
  readonly tokenIn: string;
  /** Mint that the pool paid out. */
  readonly tokenOut: string;
  readonly amountIn: bigint;
  readonly amountOut: bigint;
  /**
   * Atoms of `tokenIn` that the trader paid in fees on top of `amountIn`, outside the pool; undefined if none
   * are known.
   */
  readonly feeIn?: bigint | undefined;
  /** Atoms of `amountOut` that went to others as fees, reducing what the trader received. */
  readonly feeOut?: bigint | undefined;
  /** The pool's reserves before the swap; undefined if not fully known. */
  readonly reserves?: SwapReserves | undefined;
}

export interface SwapReserves {
  /** Reserve of `tokenIn`, in atoms. */
  readonly in: bigint;
  /** Reserve of `tokenOut`, in atoms. */
  readonly out: bigint;
}

/** What the trader paid, including fees outside the pool, in atoms of `tokenIn`. */
export function paidFor({ amountIn, feeIn }: Swap): bigint {
  return amountIn + (feeIn ?? 0n);
}

/** What the trader received after fees, in atoms of `tokenOut`. */
export function gotFrom({ amountOut, feeOut }: Swap): bigint {
  return amountOut - (feeOut ?? 0n);
}

/** A swap that happened but cannot be read. */
export interface UndecodedSwap extends SwapPlace {
  /** null if it is not known. */
  readonly pool: string | null;
  /**
   * Accounts that its instruction lists: the pool, if it is null, is one of them, and so are the other pools of a route. Undefined and
   * without a pool: it may be any pool.
   */
  readonly accounts?: readonly string[] | undefined;
  readonly reason: string;
}

/** A swap in a failed transaction: no tokens moved, but the fee was paid. */
export interface AttemptedSwap extends SwapPlace {
  readonly pool: string | null;
}

/** A place in the chain. */
export type ChainPlace = Pick<SwapPlace, "slot" | "txIndex" | "eventIndex">;

/** Chain order: by slot, then transaction, then position in the transaction. */
export function inChainOrder(a: ChainPlace, b: ChainPlace): number {
  return (a.slot ?? 0) - (b.slot ?? 0) || a.txIndex - b.txIndex || a.eventIndex - b.eventIndex;
}

/** A Solana account: 32 bytes in base58. */
export function isSolanaAddress(address: string): boolean {
  return /^[1-9A-HJ-NP-Za-km-z]{32,44}$/.test(address);
}

/** Ethereum and similar chains, on which each slot is a block with its own proposer. */
export function isEvmAddress(address: string): boolean {
  return /^0x[0-9a-f]+$/i.test(address);
}
