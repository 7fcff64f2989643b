import type { OwnVerdicts, SlotInterest } from "../mev/own-verdicts.ts";

/** What a watcher of the chain is to look for. */
export type ChainWants = Pick<
  OwnVerdicts,
  "wanted" | "hasFailed" | "unplaced" | "interestIn" | "watched" | "waiting"
>;

/** What several desks want of the chain: what one of them wants. What is told of it is told to all. */
export class JoinedWants implements ChainWants {
  readonly #all: () => readonly ChainWants[];
  /** Who wants which slot, as `wanted` was answered last. */
  #askers: ReadonlyMap<number, readonly ChainWants[]> = new Map();

  constructor(all: () => readonly ChainWants[]) {
    this.#all = all;
  }

  /** Whether each of them was told of the chain. */
  get watched(): boolean {
    return this.#all().every(({ watched }) => watched);
  }

  get waiting(): number {
    return this.#all().reduce((sum, { waiting }) => sum + waiting, 0);
  }

  wanted(limit: number): readonly number[] {
    const askers: Map<number, ChainWants[]> = new Map();
    for (const wants of this.#all()) {
      for (const slot of wants.wanted(limit)) {
        const others = askers.get(slot);
        if (others === undefined) askers.set(slot, [wants]);
        else others.push(wants);
      }
    }
    this.#askers = askers;
    return [...askers.keys()].sort((a, b) => a - b);
  }

  /** A desk that came later does not know of it, and forgets it when it needs it no more: only those that want the slot count. */
  hasFailed(slot: number): boolean {
    const askers = this.#askers.get(slot);
    if (askers === undefined) return this.#all().some((wants) => wants.hasFailed(slot));
    return askers.every((wants) => wants.hasFailed(slot));
  }

  /** As many of each as of the others, so that none waits for another's. */
  unplaced(limit: number): readonly string[] {
    const lists = this.#all().map((wants) => wants.unplaced(limit));
    const longest = Math.max(...lists.map(({ length }) => length));
    const found: Set<string> = new Set();
    for (let at = 0; at < longest; at += 1) {
      for (const list of lists) {
        const signature = list[at];
        if (found.size < limit && signature !== undefined) found.add(signature);
      }
    }
    return [...found];
  }

  interestIn(slot: number): SlotInterest {
    const interests = this.#all().map((wants) => wants.interestIn(slot));
    return {
      pools: new Set(interests.flatMap(({ pools }) => [...pools])),
      signatures: new Set(interests.flatMap(({ signatures }) => [...signatures])),
    };
  }
}
