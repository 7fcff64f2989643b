import { ratio } from "../sandwich/amounts.ts";
import type { Swap } from "../swaps/swap.ts";
import { constantProductOut, type FeeRule, quoteFeeOut } from "./constant-product.ts";
import { isForward, type PoolState, type Window } from "./pool-states.ts";

/** What the pool's arithmetic gives for a swap in a state. */
export function replayedOut(rule: FeeRule, window: Window, swap: Swap, { money, token }: PoolState): bigint {
  const [reserveIn, reserveOut] = isForward(window, swap) ? [money, token] : [token, money];
  return rule.quote === undefined
    ? constantProductOut(rule, swap.amountIn, reserveIn, reserveOut)
    : quoteFeeOut(rule, swap.tokenIn === rule.quote, swap.amountIn, reserveIn, reserveOut);
}

export interface ReplayError {
  /** Largest relative error of the outputs. */
  readonly relative: number;
  /** The largest error, atoms. */
  readonly atoms: bigint;
}

/**
 * How far replaying what did happen, swap by swap from the states before them, is from what did happen.
 * @param enough Relative error, from which on (if it is more than an atom) the rest is not looked at.
 */
export function replayError(
  rule: FeeRule,
  window: Window,
  states: readonly PoolState[],
  enough: number = Number.POSITIVE_INFINITY,
): ReplayError {
  let relative = 0;
  let atoms = 0n;
  for (const [i, swap] of window.swaps.entries()) {
    const state = states[i];
    if (state === undefined) continue;
    const error = replayedOut(rule, window, swap, state) - swap.amountOut;
    const size = error < 0n ? -error : error;
    if (size > atoms) atoms = size;
    if (size > 0n) relative = Math.max(relative, swap.amountOut > 0n ? ratio(size, swap.amountOut) : 1);
    if (relative > enough && atoms > 1n) break;
  }
  return { relative, atoms };
}
