import type { AttemptedSwap, Swap, SwapPlace, UndecodedSwap } from "../swaps/swap.ts";
import type { OwnTrade } from "./model.ts";
import type { KnownSlot } from "./slot-store.ts";
import type { OtherTransaction } from "./slot-swaps.ts";

/** What is known about a trade in the slot of its transaction. */
export interface OwnSwaps {
  readonly swaps: readonly Swap[];
  readonly attempted: readonly AttemptedSwap[];
  readonly undecoded: readonly UndecodedSwap[];
  readonly other: OtherTransaction | undefined;
}

/**
 * The trade's swaps in a slot, in order; undefined if its transaction is not in the known part of the slot.
 */
export function ownSwaps(trade: OwnTrade, slot: KnownSlot): OwnSwaps | undefined {
  const isOwn = (place: SwapPlace): boolean => isOf(trade, place);
  const swaps = [...slot.swaps.values()].filter(isOwn).sort((a, b) => a.eventIndex - b.eventIndex);
  const attempted = [...slot.attempted.values()].filter(isOwn);
  const undecoded = [...slot.undecoded.values()].filter(isOwn);
  const other = slot.others.get(trade.signature);
  if (swaps.length + attempted.length + undecoded.length === 0 && other === undefined) return undefined;
  return { swaps, attempted, undecoded, other };
}

export function poolsOf(own: OwnSwaps | undefined): string[] {
  if (own === undefined) return [];
  const pools = [...own.swaps, ...own.attempted, ...own.undecoded].flatMap(({ pool }) => pool ?? []);
  return [...new Set(pools)];
}

/** Whether a swap belongs to a trade: by signature and, if the trade names one, by instruction. */
export function isOf({ signature, instruction }: OwnTrade, place: SwapPlace): boolean {
  if (place.signature !== signature) return false;
  if (instruction === undefined || !place.id.startsWith(`${signature}:`)) return true;
  const label = place.id.slice(signature.length + 1);
  return label === instruction || label.startsWith(`${instruction}.`) || label.startsWith(`${instruction}/`);
}

/**
 * Whether the swaps of a route leave a gap: parts that no token connects, so that a pool in between was not
 * read. Missing swaps before the first or after the last one cannot be detected.
 */
export function routeGap(swaps: readonly Swap[]): boolean {
  const parts: Set<string>[] = [];
  for (const { tokenIn, tokenOut } of swaps) {
    const joined = new Set([tokenIn, tokenOut]);
    for (let i = parts.length - 1; i >= 0; i--) {
      const part = parts[i];
      if (part === undefined || !(part.has(tokenIn) || part.has(tokenOut))) continue;
      for (const token of part) joined.add(token);
      parts.splice(i, 1);
    }
    parts.push(joined);
  }
  return parts.length > 1;
}
