import { isMatched } from "../sandwich/amounts.ts";
import { inChainOrder, type Swap } from "../swaps/swap.ts";
import type { Target } from "./around.ts";

/** Thousandths of bought and sold that match, from which on legs are a round trip. */
const roundTrip = 900n;

/**
 * How an actor's legs stand to the target: `around` it (something was held, opened in the target's direction), `beside` it (a
 * whole round trip before or after it that was opened in its direction), or neither. Where the target's direction is not
 * known, any.
 */
export function heldAt({ place, swap }: Target, legs: readonly Swap[]): "around" | "beside" | "neither" {
  const before = legs.filter((leg) => inChainOrder(leg, place) < 0);
  const after = legs.filter((leg) => inChainOrder(leg, place) > 0);
  const money = swap?.tokenIn;
  const opened = openOf(before, money);
  if (opened !== undefined) {
    // A reverted target does not tell its direction: the round trip must have closed for its front to be one.
    if (money !== undefined) return "around";
    return isClosed([...before, ...after], opened) ? "around" : "neither";
  }
  return [before, after].some((side) => isRoundTrip(side, money)) ? "beside" : "neither";
}

/** The money token of a position that is open after the legs; undefined where none is, or in the other direction. */
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
