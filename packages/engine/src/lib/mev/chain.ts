import type { SlotSwaps } from "@slipstream/mev";

/**
 * What a watcher of the chain has to tell: swaps of slots around own trades, and how far the chain is final. Told twice,
 * it changes nothing.
 */
export interface ChainBatch {
  readonly kind: "chain";
  readonly slots: readonly SlotSwaps[];
  /** Slots that the chain has no block in. */
  readonly skipped: readonly number[];
  /** Slots whose block could not be had. */
  readonly failed: readonly FailedSlot[];
  /** Where transactions of the desk landed whose trades do not say it. */
  readonly placed: readonly Placed[];
  /** The newest slot that is final; null where nothing is said of it. */
  readonly finalized: number | null;
}

export interface FailedSlot {
  readonly slot: number;
  /** Continues "slot 42 cannot be read: ". */
  readonly reason: string;
}

export interface Placed {
  readonly signature: string;
  readonly slot: number;
}

/** Nothing of the chain, to begin with. */
export const emptyChain: ChainBatch = {
  kind: "chain",
  slots: [],
  skipped: [],
  failed: [],
  placed: [],
  finalized: null,
};
