import { inChainOrder, type Swap } from "../swaps/swap.ts";
import { repeatedActors } from "./actor-book.ts";
import type { Around, Target } from "./around.ts";
import { heldAt } from "./held-at.ts";
import { legsByActor } from "./known-legs.ts";

/** A front that was bought before the target and not sold yet. */
export interface OpenFront {
  readonly actor: string;
  /** False where it may as well be the end of what began before the window. */
  readonly isCertain: boolean;
}

/** Fronts of such actors that were left open before the target: they may have cost it something. */
export function openFronts(target: Target, around: Around): OpenFront[] {
  const { swap } = target;
  if (swap === undefined) return [];
  return legsByActor(target.pool, around)
    .filter(({ legs }) => heldAt(target, legs) === "around")
    .map(({ actor, legs }) => ({ actor, isCertain: isFront(target, swap.tokenIn, legs, around) }));
}

/**
 * What an actor bought before the target was a front for certain where it cannot be the end of a sandwich of which the
 * window shows no more, or where the actor failed in the pool later: its back leg.
 */
function isFront(target: Target, money: string, legs: readonly Swap[], around: Around): boolean {
  const bought = legs.filter((leg) => leg.tokenIn === money && inChainOrder(leg, target.place) < 0);
  const [first] = bought;
  if (first === undefined) return false;
  if (bought.some(({ slot }) => slot === null || !around.mayEndEarlier(slot))) return true;
  const actors = new Set(legs.flatMap((leg) => repeatedActors(around.view, around.activity, leg)));
  return around
    .attemptsIn(target.pool)
    .some(
      (attempt) =>
        inChainOrder(first, attempt) < 0 &&
        repeatedActors(around.view, around.activity, attempt).some((actor) => actors.has(actor)),
    );
}
