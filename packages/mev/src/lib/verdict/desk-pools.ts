import type { KnownSlot } from "./slot-store.ts";

/** Pools that the desk traded in, those used last at the end. Bounded: the pool not used for longest is dropped first. */
export class DeskPools {
  readonly #limit: number;
  readonly #pools = new Set<string>();
  /** Slots known to cover the first so many pools that were ever added. */
  readonly #covering = new WeakMap<KnownSlot, number>();
  #added = 0;

  constructor(limit: number, pools: Iterable<string> = []) {
    this.#limit = limit;
    this.add(pools);
  }

  values(): ReadonlySet<string> {
    return this.#pools;
  }

  add(pools: Iterable<string>): void {
    for (const pool of pools) {
      if (!this.#pools.delete(pool)) this.#added++;
      this.#pools.add(pool);
    }
    for (const oldest of this.#pools) {
      if (this.#pools.size <= this.#limit) break;
      this.#pools.delete(oldest);
    }
  }

  /** Whether all of them are completely known in the slot. */
  areIn(slot: KnownSlot): boolean {
    const { pools } = slot;
    if (pools === undefined) return false;
    if (pools === "all" || this.#covering.get(slot) === this.#added) return true;
    for (const pool of this.#pools) if (!pools.has(pool)) return false;
    this.#covering.set(slot, this.#added);
    return true;
  }
}
