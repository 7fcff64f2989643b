import type { SlotStore } from "./slot-store.ts";

export interface MissingSlot {
  readonly slot: number;
  /** "was not seen", "cannot be read: ...": continues "slot 42". */
  readonly reason: string;
}

/** The slots around a slot whose swaps in the pools are unknown. */
export function missingSlots(
  slots: SlotStore,
  slot: number,
  pools: Iterable<string>,
  distance: number,
): MissingSlot[] {
  const missing: MissingSlot[] = [];
  for (let near = slot - distance; near <= slot + distance; near++) {
    const known = slots.get(near);
    if (known?.pools === undefined) {
      const { failure } = known ?? {};
      const reason = failure === undefined ? "was not seen" : `cannot be read: ${failure}`;
      missing.push({ slot: near, reason });
    } else if (known.pools !== "all") {
      const covered = known.pools;
      const unread = [...pools].filter((pool) => !covered.has(pool));
      if (unread.length > 0)
        missing.push({ slot: near, reason: `was read without pool ${unread.join(", ")}` });
    }
  }
  return missing;
}
