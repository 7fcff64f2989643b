import type { Swap } from "../swaps/swap.ts";

/** How much a signer traded. Immutable. */
export interface ActivityEntry {
  /** Swaps that are neither legs of sandwiches nor arbitrage by themselves. */
  readonly swaps: number;
  /** First legs of trades that have the form of a sandwich and paid off. */
  readonly sandwiches: number;
  /** The newest slot included. Each slot is counted once, although windows overlap. */
  readonly upTo: number;
}

/** The counts, including what a window of slots adds to them. */
export interface ActivityView {
  of(signer: string): Pick<ActivityEntry, "swaps" | "sandwiches">;
  readonly changes: ReadonlyMap<string, ActivityEntry>;
}

export type SwapKind = "swap" | "sandwich" | "other";

/**
 * How much signers trade in the watched pools. A signer who trades a lot occasionally buys and sells around
 * somebody and earns by it: a market maker's luck is not an attack. Bounded: the signer not seen for longest
 * is dropped first.
 */
export class Activity {
  readonly #entries: Map<string, ActivityEntry>;
  readonly #limit: number;

  constructor(limit: number, entries: Iterable<readonly [string, ActivityEntry]> = []) {
    this.#limit = limit;
    this.#entries = new Map(entries);
  }

  entries(): (readonly [string, ActivityEntry])[] {
    return [...this.#entries];
  }

  /**
   * @param swaps The swaps of the window.
   * @param kindOf What a swap counts as.
   */
  view(swaps: readonly Swap[], kindOf: (swap: Swap) => SwapKind): ActivityView {
    const newest = swaps.reduce((slot, swap) => Math.max(slot, swap.slot ?? 0), 0);
    const changes = new Map<string, ActivityEntry>();
    for (const swap of swaps) {
      const { signer, slot } = swap;
      const known = this.#entries.get(signer) ?? none;
      if ((slot ?? 0) <= known.upTo) continue;
      const { swaps, sandwiches } = changes.get(signer) ?? known;
      const kind = kindOf(swap);
      changes.set(signer, {
        swaps: swaps + (kind === "swap" ? 1 : 0),
        sandwiches: sandwiches + (kind === "sandwich" ? 1 : 0),
        upTo: newest,
      });
    }
    return { of: (signer) => changes.get(signer) ?? this.#entries.get(signer) ?? none, changes };
  }

  commit({ changes }: ActivityView): void {
    for (const [signer, entry] of changes) {
      this.#entries.delete(signer);
      this.#entries.set(signer, entry);
    }
    for (const signer of this.#entries.keys()) {
      if (this.#entries.size <= this.#limit) break;
      this.#entries.delete(signer);
    }
  }
}

const none: ActivityEntry = { swaps: 0, sandwiches: 0, upTo: -1 };
