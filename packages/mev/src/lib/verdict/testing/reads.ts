import type { Random } from "@slipstream/testing/random";
import type { SlotSwaps } from "../slot-swaps.ts";
import { swapsNear, transfersNear } from "../swaps-near.ts";
import type { VerdictTracker } from "../verdict-tracker.ts";

/**
 * What reading a chain's slot gives: a whole block, the word that there is no block, or a failure, because of
 * which it may be the next block that says that there is none.
 */
export type ChainSlot = SlotSwaps | "skipped" | "failed";

/** Tells a tracker all of a slot. */
export function tellSlot(tracker: VerdictTracker, slot: number, told: ChainSlot | undefined): void {
  if (told === "skipped") tracker.addSkipped(slot);
  else if (told === undefined || told === "failed") tracker.addFailure(slot, "it is gone");
  else tracker.addSlot(told);
}

/** Reads what a tracker wants of a chain as a watcher does: parts of blocks, several at a time, in any order. */
export class Reads {
  readonly #chain: ReadonlyMap<number, ChainSlot>;
  readonly #random: Random;
  readonly #underWay: ((tracker: VerdictTracker) => void)[] = [];
  readonly #given: ((tracker: VerdictTracker) => void)[] = [];

  constructor(chain: ReadonlyMap<number, ChainSlot>, random: Random) {
    this.#chain = chain;
    this.#random = random;
  }

  /** Whether there is nothing left to read but what has failed. */
  isDone(tracker: VerdictTracker): boolean {
    return this.#underWay.length === 0 && tracker.wanted(1e6).every((slot) => tracker.hasFailed(slot));
  }

  /** Asks for a slot, gives an answer, or gives one again. */
  step(tracker: VerdictTracker): void {
    if (this.#underWay.length < 4) {
      const wanted = tracker
        .wanted(64)
        .filter((slot) => !tracker.hasFailed(slot) || this.#random.chance(0.02));
      if (wanted.length > 0) this.#underWay.push(this.#ask(tracker, this.#random.pick(wanted)));
    }
    if (this.#underWay.length > 0 && this.#random.chance(0.5)) {
      const [answer] = this.#underWay.splice(this.#random.int(0, this.#underWay.length - 1), 1);
      answer?.(tracker);
      if (answer !== undefined) this.#given.push(answer);
    }
    if (this.#given.length > 0 && this.#random.chance(0.1)) this.#random.pick(this.#given)(tracker);
  }

  /** What is needed of the slot is decided now, and told later. */
  #ask(tracker: VerdictTracker, slot: number): (tracker: VerdictTracker) => void {
    const block = this.#chain.get(slot);
    if (typeof block !== "object") return (tracker) => tellSlot(tracker, slot, block);
    const told = partOf(block, tracker.poolsAround(slot), tracker.signaturesAround(slot));
    return (tracker) => tracker.addSlot(told);
  }
}

/** What `slotSwaps` makes of a whole slot. */
function partOf(block: SlotSwaps, around: ReadonlySet<string>, signatures: ReadonlySet<string>): SlotSwaps {
  const pools = new Set(around);
  for (const { signature, pool } of [...block.swaps, ...block.attempted])
    if (signatures.has(signature) && pool !== null) pools.add(pool);
  const swaps = swapsNear(block.swaps, pools);
  return {
    ...block,
    pools: [...pools],
    swaps,
    transfers: transfersNear(block.transfers ?? [], swaps),
    attempted: block.attempted.filter(({ pool }) => pool !== null && pools.has(pool)),
    searched: [...signatures],
  };
}
