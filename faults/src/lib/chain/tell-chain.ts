import { type ChainBatch, emptyChain } from "@slipstream/engine";
import { decodeBlock, wholeSlot } from "@slipstream/mev";
import { parseBlockText } from "@slipstream/solana/block";
import type { Uninterrupted } from "../uninterrupted.ts";
import type { Chain } from "./chain.ts";

/**
 * Tells an engine all of the chain, each whole block once and in order, as if none had ever been waited for.
 *
 * @param isFinal whether it is told to be final too
 */
export async function tellChain(engine: Uninterrupted, chain: Chain): Promise<void> {
  const tell = (what: Partial<ChainBatch>): Promise<void> =>
    engine.apply({ receivedMs: Date.now(), batch: { ...emptyChain, ...what } });
  // An engine asks where transactions are only once it was told of a chain.
  await tell({});
  const placed = engine.unplaced().flatMap((signature) => {
    const slot = chain.placeOf(signature);
    return slot === undefined ? [] : [{ signature, slot }];
  });
  await tell({ placed });
  for (const slot of chain.slots) {
    const text = chain.text(slot);
    if (text === undefined) await tell({ failed: [{ slot, reason: chain.missingReason }] });
    else if (text.trim() === "null") await tell({ skipped: [slot] });
    else {
      const block = parseBlockText(text);
      await tell({ slots: [wholeSlot(decodeBlock(block, slot))] });
    }
  }
}

export async function finalize(engine: Uninterrupted, { newest }: Chain): Promise<void> {
  await engine.apply({ receivedMs: Date.now(), batch: { ...emptyChain, finalized: newest } });
}

/** All of the chain, final. */
export async function tellAll(engine: Uninterrupted, chain: Chain): Promise<void> {
  await tellChain(engine, chain);
  await finalize(engine, chain);
}
