import type { Placed } from "@slipstream/engine";
import type { None, ThreadContract } from "../threads/contract.ts";
import type { BlockSourceSettings, Head } from "./block-source.ts";

/** What of a slot's block is needed. */
export interface SlotRequest {
  readonly slot: number;
  readonly pools: ReadonlySet<string>;
  readonly signatures: ReadonlySet<string>;
}

/** What became of a slot. `swaps`: the body of a chain record, see `encodeChain`. */
export type SlotOutcome =
  | { readonly kind: "swaps"; readonly body: Uint8Array }
  | { readonly kind: "skipped" }
  | { readonly kind: "later" }
  /** `broken`: the source's answer is no block. */
  | { readonly kind: "gone" | "refused" | "broken"; readonly reason: string };

/** The watcher's thread and its owner. Each question fails if the source does, with a reason that holds no URL. */
export interface WatcherThread extends ThreadContract {
  readonly settings: BlockSourceSettings;
  readonly opened: undefined;
  readonly questions: {
    readonly head: () => Head;
    readonly slot: (request: SlotRequest) => SlotOutcome;
    /** Where these transactions landed, as far as it is known. */
    readonly places: (signatures: readonly string[]) => readonly Placed[];
  };
  readonly orders: None;
  readonly news: None;
}
