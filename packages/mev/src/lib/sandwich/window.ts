/** How far apart the legs of a sandwich may be, in time. */
export interface SearchWindow {
  /** Milliseconds from the first front run's slot to the last back run's. */
  readonly windowMs: number;
  /** Milliseconds between two slots. */
  readonly slotMs: number;
}

/**
 * From the first to the last slot of a leader's turn at 400 ms: the shortest window that contains every sandwich within
 * one turn. See docs/mev.md.
 * Sources: NUM_CONSECUTIVE_LEADER_SLOTS, https://solana.com/docs/core/clusters; slot times, SIMD-0525.
 */
export const defaultWindow: SearchWindow = { windowMs: 1_200, slotMs: 400 };

/** Slots with one leader, in a row; the first is a multiple of it. */
export const turnSlots = 4;
/** The widest window, in slots: each slot of it has to be read on both sides of a trade. */
const mostSlots = 64;

/** Maximum number of slots between the legs. */
export function windowSlots({ windowMs, slotMs }: SearchWindow): number {
  return Math.min(mostSlots, Math.floor(windowMs / slotMs + 1e-9));
}

/** The leader of each slot, as far as that of any slot of its turn is known. */
export function leadersByTurn(
  known: Iterable<readonly [slot: number, leader: string | null]>,
): (slot: number) => string | undefined {
  const leaders = new Map<number, string>();
  for (const [slot, leader] of known) if (leader !== null) leaders.set(Math.floor(slot / turnSlots), leader);
  return (slot) => leaders.get(Math.floor(slot / turnSlots));
}

/** A block's time is in whole seconds, so that it is off by less than 2 % over a minute. */
const leastSeconds = 60;

/**
 * How long slots took between the first and the last place, ms; undefined if they are less than a minute apart or say no
 * times.
 */
export function measuredSlotMs(
  places: Iterable<{ readonly slot: number | null; readonly blockTime?: number | null | undefined }>,
): number | undefined {
  let [first, last]: { slot: number; seconds: number }[] = [];
  for (const { slot, blockTime } of places) {
    if (slot === null || blockTime === undefined || blockTime === null) continue;
    const place = { slot, seconds: blockTime };
    if (first === undefined || slot < first.slot) first = place;
    if (last === undefined || slot > last.slot) last = place;
  }
  if (first === undefined || last === undefined) return undefined;
  const seconds = last.seconds - first.seconds;
  return seconds < leastSeconds || last.slot === first.slot
    ? undefined
    : (seconds * 1_000) / (last.slot - first.slot);
}
