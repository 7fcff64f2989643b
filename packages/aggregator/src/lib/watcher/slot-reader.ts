import { hasCode } from "@slipstream/conventions";
import { emptyChain } from "@slipstream/engine";
import { type DecodedBlock, slotSwaps } from "@slipstream/mev";
import { decodeBlockBytes } from "@slipstream/mev/block";
import { encodeChain } from "../log/records/chain.ts";
import type { BlockSource } from "./block-source.ts";
import type { SlotOutcome, SlotRequest } from "./messages.ts";

/** Blocks that are kept: those around a trade are wanted again when another pool or trade of theirs becomes known. */
const KEPT = 24;

/** Reads slots from a source, and what is needed of them out of their blocks. */
export class SlotReader {
  readonly #source: BlockSource;
  // Oldest first.
  readonly #kept: Map<number, DecodedBlock> = new Map();

  constructor(source: BlockSource) {
    this.#source = source;
  }

  /** Rejects where the source failed, with a reason that holds no URL. */
  async read({ slot, pools, signatures }: SlotRequest): Promise<SlotOutcome> {
    let known = this.#kept.get(slot);
    if (known === undefined) {
      const found = await this.#source.block(slot);
      if (found.kind !== "block") return found;
      try {
        known = decodeBlockBytes(found.bytes, slot);
      } catch (error) {
        if (!hasCode(error, "bad_block")) throw error;
        return { kind: "broken", reason: `it is no block: ${error.message}`.slice(0, 500) };
      }
      this.#keep(slot, known);
    }
    const told = slotSwaps(known, { pools, signatures });
    try {
      return { kind: "swaps", body: encodeChain({ ...emptyChain, slots: [told] }) };
    } catch (error) {
      if (!hasCode(error, "chain_too_large")) throw error;
      return { kind: "gone", reason: error.message };
    }
  }

  #keep(slot: number, decoded: DecodedBlock): void {
    this.#kept.set(slot, decoded);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT) return;
      this.#kept.delete(oldest);
    }
  }
}
