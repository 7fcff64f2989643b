/**
 * What detection and replay read of a swap. Swaps of a decoded block and those of a file of events both fit. Amounts in
 * atoms, as the pool saw them.
 */
export interface Swap {
  /** Unique among the swaps that are searched together. */
  readonly id: string;
  /** null where it is not known; swaps without a slot count as of one slot. */
  readonly slot: number | null;
  readonly txIndex: number;
  readonly eventIndex: number;
  readonly signature: string;
  readonly signer: string;
  /** Program of the top-level instruction that led to the swap. */
  readonly program?: string | undefined;
  readonly pool: string;
  readonly protocol: string;
  /** Owner of what the pool took. */
  readonly payer?: string | undefined;
  /** Owner of what the pool gave. */
  readonly recipient?: string | undefined;
  readonly tokenIn: string;
  readonly tokenOut: string;
  readonly amountIn: bigint;
  readonly amountOut: bigint;
  /** What the pool held before the swap. */
  readonly reserves?: SwapReserves | undefined;
  readonly fee?: { readonly total: bigint } | undefined;
  /** Lamports paid for the transaction's place, beside its fee. */
  readonly tipLamports?: bigint | undefined;
  readonly bundleId?: string | undefined;
}

export interface SwapReserves {
  /** Of `tokenIn`, atoms. */
  readonly in: bigint;
  /** Of `tokenOut`, atoms. */
  readonly out: bigint;
}

/** Order of the chain: slot, then transaction, then place in the transaction. */
export function inChainOrder(a: Swap, b: Swap): number {
  return (a.slot ?? 0) - (b.slot ?? 0) || a.txIndex - b.txIndex || a.eventIndex - b.eventIndex;
}

/** Ethereum and its kin: a slot is a block of its own, built by one proposer. */
export function isEvmAddress(address: string): boolean {
  return /^0x[0-9a-f]+$/i.test(address);
}
