import type { Swap } from "../swaps/swap.ts";
import type { TripWithVictims } from "./describe.ts";
import type { OpenLeg } from "./model.ts";
import type { DetectOptions } from "./options.ts";
import type { PoolView } from "./pool-view.ts";

/** Maximum number of open legs that are listed. */
const mostListed = 64;

/**
 * Swaps, near the first and the last slot, of those who made a sandwich among these swaps, that belong to none: the
 * other leg may be in the slots before or after. With somebody else's swap in the leg's direction inside, after it or
 * before it.
 * @param swaps In chain order.
 */
export function openLegs(
  views: readonly PoolView[],
  sandwiches: readonly TripWithVictims[],
  swaps: readonly Swap[],
  { maxSlotDistance }: DetectOptions,
): OpenLeg[] {
  const actors = new Set(sandwiches.flatMap(({ trip }) => [...trip.actors]));
  if (actors.size === 0) return [];
  const used = new Set(
    sandwiches.flatMap(({ trip }) => [...trip.trip.fronts, ...trip.trip.backs].map(({ swap }) => swap.id)),
  );
  const [first, last] = [swaps[0]?.slot ?? null, swaps.at(-1)?.slot ?? null];
  if (first === null || last === null) return [];
  const open: OpenLeg[] = [];
  for (const view of views) {
    for (const [actor, legs] of view.legsByActor) {
      if (!actors.has(actor)) continue;
      const own = new Set([actor]);
      for (const { swap, at, direction } of legs) {
        if (swap.slot === null || used.has(swap.id) || open.length >= mostListed) continue;
        const [isLast, isFirst] = [swap.slot > last - maxSlotDistance, swap.slot < first + maxSlotDistance];
        if (isLast && view.countOthers(own, direction, at, view.swaps.length) > 0) {
          open.push({ swap, side: "front" });
        } else if (isFirst && view.countOthers(own, 1 - direction, -1, at) > 0) {
          open.push({ swap, side: "back" });
        }
      }
    }
  }
  return open;
}
