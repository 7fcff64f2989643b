import { isMatched } from "../sandwich/amounts.ts";
import { inChainOrder, type Swap } from "../swaps/swap.ts";
import type { Target } from "./around.ts";

/** Minimum match between the amounts bought and sold, in thousandths, for legs to be a round trip. */
const roundTrip = 900n;

/**
 * The position of an actor's legs relative to the target: `around` it (the actor held a position opened in
 * the target's direction), `beside` it (a whole round trip before or after, opened in the target's
 * direction), or neither. If the target's direction is unknown, either direction counts.
 */
export function heldAt({ place, swap }: Target, legs: readonly Swap[]): "around" | "beside" | "neither" {
  const before = legs.filter((leg) => inChainOrder(leg, place) < 0);
  const after = legs.filter((leg) => inChainOrder(leg, place) > 0);
  const money = swap?.tokenIn;
  const opened = openOf(before, money);
  if (opened !== undefined) {
    // The direction of a reverted target is unknown, so a leg is a front run only if the round trip was
    // closed.
    if (money !== undefined) return "around";
    return isClosed([...before, ...after], opened) ? "around" : "neither";
  }
  return [before, after].some((side) => isRoundTrip(side, money)) ? "beside" : "neither";
}

/**
 * The money token of the position still open after the legs; undefined if there is none, or in the other
 * direction.
 */
function openOf(legs: readonly Swap[], money: string | undefined): string | undefined {
  const first = legs[0];
  if (first === undefined) return undefined;
  const opening = money ?? first.tokenIn;
  const { bought, sold } = sumsOf(legs, opening);
  return bought > 0n && !isMatched(bought, sold, roundTrip) && bought > sold ? opening : undefined;
}

function isClosed(legs: readonly Swap[], money: string): boolean {
  const { bought, sold } = sumsOf(legs, money);
  return sold > 0n && isMatched(bought, sold, roundTrip);
}

function isRoundTrip(legs: readonly Swap[], money: string | undefined): boolean {
  const first = legs[0];
  if (first === undefined || (money !== undefined && first.tokenIn !== money)) return false;
  return isClosed(legs, first.tokenIn);
}

/** What the legs bought with the money token, and what they sold for it. */
function sumsOf(legs: readonly Swap[], money: string): { bought: bigint; sold: bigint } {
  let bought = 0n;
  let sold = 0n;
  for (const { tokenIn, amountIn, amountOut } of legs) {
    if (tokenIn === money) bought += amountOut;
    else sold += amountIn;
  }
  return { bought, sold };
}
