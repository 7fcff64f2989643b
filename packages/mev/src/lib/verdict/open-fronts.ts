import { inChainOrder, type Swap } from "../swaps/swap.ts";
import { repeatedActors } from "./actor-book.ts";
import type { Around, Target } from "./around.ts";
import { heldAt } from "./held-at.ts";
import { legsByActor } from "./known-legs.ts";

/** A front run bought before the target and not yet sold. */
export interface OpenFront {
  readonly actor: string;
  /** False if it could also be the end of a sandwich that began before the window. */
  readonly isCertain: boolean;
}

/** Front runs by known actors that were open when the target arrived. They may have cost it something. */
export function openFronts(target: Target, around: Around): OpenFront[] {
  const { swap } = target;
  if (swap === undefined) return [];
  return legsByActor(target.pool, around)
    .filter(({ legs }) => heldAt(target, legs) === "around")
    .map(({ actor, legs }) => ({ actor, isCertain: isFront(target, swap.tokenIn, legs, around) }));
}

/**
 * Whether what an actor bought before the target was certainly a front run. It was if it cannot be the end of
 * a sandwich that began before the window, or if the actor later failed in the pool (its back run).
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
