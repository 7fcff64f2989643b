import type { TransactionFee } from "./fee.ts";

/** Where a swap stands. Order of events: slot, txIndex, eventIndex. */
export interface SwapPlace {
  /** signature:instruction, the instruction as "3" or, for an inner one, "3.1". */
  readonly id: string;
  /** null where it is not known: a getBlock answer does not hold it. */
  readonly slot: number | null;
  /** Unix seconds, null where the node does not know it. */
  readonly blockTime: number | null;
  /** Position of the transaction in the block. */
  readonly txIndex: number;
  /** Position of the swap's instruction in the transaction, inner ones counted, in the order they ran. */
  readonly eventIndex: number;
  readonly signature: string;
  /** The fee payer. */
  readonly signer: string;
  /** Program of the top-level instruction that led to the swap. */
  readonly program: string;
  readonly protocol: string;
  /** Fee of the whole transaction: its other swaps carry the same. Undefined where the split is not known. */
  readonly fee: TransactionFee | undefined;
  /** Lamports that the whole transaction sent to Jito's tip accounts. */
  readonly tipLamports: bigint;
}

/** A swap that happened. Amounts in atoms, as the pool saw them. */
export interface SwapEvent extends SwapPlace {
  readonly pool: string;
  /** Owner of the token account that paid; undefined where the account's balance is not listed. */
  readonly payer: string | undefined;
  /** Owner of the token account that received; undefined where the account's balance is not listed. */
  readonly recipient: string | undefined;
  /** Mint that the pool took. */
  readonly tokenIn: string;
  /** Mint that the pool gave. */
  readonly tokenOut: string;
  readonly amountIn: bigint;
  readonly amountOut: bigint;
  /** The vaults' balances before the swap; undefined where what moved them before is not known in full. */
  readonly reserves: { readonly in: bigint; readonly out: bigint } | undefined;
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
