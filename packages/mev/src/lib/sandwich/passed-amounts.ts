import type { ChainPlace } from "../swaps/swap.ts";

/** Something that came into or left what an owner holds of a token: one side of a swap, or one end of a transfer. */
export interface Entry {
  /** Index of the swap, or number of swaps + index of the transfer. */
  readonly node: number;
  readonly isSwap: boolean;
  readonly isIn: boolean;
  readonly place: ChainPlace;
  readonly amount: bigint;
}

/** Something that came in and something that left with the same atoms, at least one of them a transfer. */
export interface Pair {
  readonly in: Entry;
  readonly out: Entry;
}

/** Maximum number of parts that an amount is split into, or put together from. */
const mostParts = 8;

/**
 * Matches what came in with what left, to the atom: one entry with one, one with several parts, several with one. What is left
 * unmatched is then compared in the other order: somebody may sell first and be given what was sold later.
 *
 * @param entries of one owner and token, in chain order
 * @param isNear whether two places are in the same window
 */
export function matchPassed(
  entries: readonly Entry[],
  isNear: (first: ChainPlace, last: ChainPlace) => boolean,
): Pair[] {
  const pairs: Pair[] = [];
  const used = new Set<Entry>();
  const take = (one: Entry, other: Entry): void => {
    used.add(one).add(other);
    const pair = one.isIn ? { in: one, out: other } : { in: other, out: one };
    // A swap whose amount the same owner swaps back was not passed on.
    if (!one.isSwap || !other.isSwap) pairs.push(pair);
  };
  matchEqual(entries, isNear, (came, left) => !left.isIn && came.isIn, used, take);
  matchParts(entries, isNear, true, used, take);
  matchParts(entries.toReversed(), isNear, false, used, take);
  matchEqual(
    entries,
    isNear,
    (left, came) => !left.isIn && came.isIn && came.isSwap !== left.isSwap,
    used,
    take,
  );
  return pairs;
}

/** Each entry with the latest one before it that has the same amount. */
function matchEqual(
  entries: readonly Entry[],
  isNear: (first: ChainPlace, last: ChainPlace) => boolean,
  isPair: (before: Entry, after: Entry) => boolean,
  used: ReadonlySet<Entry>,
  take: (one: Entry, other: Entry) => void,
): void {
  const free = new Map<bigint, Entry[]>();
  for (const entry of entries) {
    if (used.has(entry)) continue;
    const same = free.get(entry.amount);
    const before = same?.at(-1);
    if (before !== undefined && isPair(before, entry) && isNear(before.place, entry.place)) {
      same?.pop();
      take(before, entry);
    } else if (same === undefined) free.set(entry.amount, [entry]);
    else same.push(entry);
  }
}

/** Each entry of one kind with the following ones of the other, if a few of them add up to it. */
function matchParts(
  entries: readonly Entry[],
  isNear: (first: ChainPlace, last: ChainPlace) => boolean,
  isIn: boolean,
  used: ReadonlySet<Entry>,
  take: (one: Entry, other: Entry) => void,
): void {
  for (const [at, whole] of entries.entries()) {
    if (whole.isIn !== isIn || used.has(whole)) continue;
    const parts: Entry[] = [];
    let sum = 0n;
    for (const part of entries.slice(at + 1, at + 1 + 2 * mostParts)) {
      if (parts.length === mostParts || sum >= whole.amount || !isNear(whole.place, part.place)) break;
      if (part.isIn === isIn || used.has(part)) continue;
      parts.push(part);
      sum += part.amount;
    }
    if (sum === whole.amount) for (const part of parts) take(whole, part);
  }
}
