import type { Placed } from "@slipstream/engine";
import type { BlockSourceSettings, Head } from "./block-source.ts";

export interface WatcherThreadSettings {
  readonly source: BlockSourceSettings;
}

/** What of a slot's block is needed. */
export interface SlotRequest {
  readonly slot: number;
  readonly pools: ReadonlySet<string>;
  readonly signatures: ReadonlySet<string>;
}

export type ToWatcher =
  | { readonly type: "head"; readonly id: number }
  | { readonly type: "slot"; readonly id: number; readonly request: SlotRequest }
  | { readonly type: "places"; readonly id: number; readonly signatures: readonly string[] };

/** What became of a slot. `swaps`: the body of a chain record, see `encodeChain`. */
export type SlotOutcome =
  | { readonly kind: "swaps"; readonly body: Uint8Array }
  | { readonly kind: "skipped" }
  | { readonly kind: "later" }
  | { readonly kind: "gone"; readonly reason: string };

export type FromWatcher =
  | { readonly type: "head"; readonly id: number; readonly head: Head }
  | { readonly type: "slot"; readonly id: number; readonly outcome: SlotOutcome }
  | { readonly type: "places"; readonly id: number; readonly places: readonly Placed[] }
  | { readonly type: "failed"; readonly id: number; readonly reason: string };
