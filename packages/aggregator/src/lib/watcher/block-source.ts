import type { Placed } from "@slipstream/engine";

/** How far the chain is. */
export interface Head {
  /** The newest slot whose block can be asked for. */
  readonly newest: number;
  /** The newest slot that is final. */
  readonly finalized: number;
}

/** What came of asking for a slot's block. */
export type Found =
  /** The text of a `getBlock` answer. */
  | { readonly kind: "block"; readonly bytes: Uint8Array }
  /** The chain has no block in this slot. */
  | { readonly kind: "skipped" }
  /** Not there yet. */
  | { readonly kind: "later" }
  /** It is not there, or it is no block. It may be there later: a file that is being written, another node. */
  | { readonly kind: "gone"; readonly reason: string }
  /** It cannot be read by this version of Slipstream, wherever it comes from. */
  | { readonly kind: "refused"; readonly reason: string };

/** Where blocks come from. What it throws is tried again; messages hold no URL, for that may hold a key. */
export interface BlockSource {
  head(): Promise<Head>;
  block(slot: number): Promise<Found>;
  /** Where these transactions landed, as far as it is known. */
  placesOf(signatures: readonly string[]): Promise<readonly Placed[]>;
}

/** What a watcher reads: a node, or a folder of recorded blocks named `SLOT.json`. */
export type BlockSourceSettings =
  | { readonly kind: "rpc"; readonly url: string; readonly timeoutMs: number }
  | { readonly kind: "folder"; readonly directory: string };
