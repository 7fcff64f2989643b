import type { OwnTrade, VerdictTracker } from "@slipstream/mev";
import { decodeChain } from "../log/records/chain.ts";
import type { BlockSource } from "../watcher/block-source.ts";
import { SlotReader } from "../watcher/slot-reader.ts";

/** Slots that are read for one trade; those around it, some of them again when its pools are known. */
const MOST_READS = 64;

/** Reads the slots that a tracker wants for its trade, as the aggregator's watcher does. */
export async function readBlocks(
  source: BlockSource,
  tracker: VerdictTracker,
  trade: OwnTrade,
): Promise<{ readonly read: number; readonly failures: readonly string[] }> {
  const reader = new SlotReader(source);
  const failures = new Map<string, string>();
  const tried = new Set<string>();
  let read = 0;
  try {
    tracker.finalize((await source.head()).finalized);
    if (trade.slot === null) {
      const [placed] = await source.placesOf([trade.signature]);
      if (placed !== undefined) tracker.addTrade({ ...trade, slot: placed.slot });
    }
  } catch (error) {
    return { read, failures: [`Blocks cannot be read: ${reasonOf(error)}.`] };
  }
  for (;;) {
    // What is asked for again is asked for other pools.
    const next = tracker
      .wanted(MOST_READS)
      .map((slot) => ({ slot, pools: tracker.poolsAround(slot), signatures: tracker.signaturesAround(slot) }))
      .find(({ slot, pools }) => !tried.has(`${slot} ${[...pools].join()}`));
    if (next === undefined || tried.size >= MOST_READS) return { read, failures: [...failures.values()] };
    const { slot, pools } = next;
    tried.add(`${slot} ${[...pools].join()}`);
    const reason = await readInto(tracker, reader, next).catch(reasonOf);
    if (reason === undefined) read += 1;
    else failures.set(reason, `Slot ${slot} cannot be read: ${reason}.`);
  }
}

/** @returns why it could not be read */
async function readInto(
  tracker: VerdictTracker,
  reader: SlotReader,
  request: Parameters<SlotReader["read"]>[0],
): Promise<string | undefined> {
  const outcome = await reader.read(request);
  if (outcome.kind === "swaps") {
    for (const slot of decodeChain(outcome.body).slots) tracker.addSlot(slot);
    return undefined;
  }
  if (outcome.kind === "skipped") {
    tracker.addSkipped(request.slot);
    return undefined;
  }
  const reason = outcome.kind === "later" ? "there is no such block yet" : outcome.reason;
  tracker.addFailure(request.slot, reason);
  return reason;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
