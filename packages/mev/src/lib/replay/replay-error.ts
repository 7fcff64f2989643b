import { ratio } from "../sandwich/amounts.ts";
import type { Swap } from "../swaps/swap.ts";
import {
  addedInput,
  constantProductOut,
  type FeeRule,
  grossOutput,
  quoteFeeOut,
} from "./constant-product.ts";
import { afterSwap, isForward, type PoolState, type Window } from "./pool-states.ts";

/** The output that the pool's arithmetic gives for a swap in a state. */
export function replayedOut(rule: FeeRule, window: Window, swap: Swap, { money, token }: PoolState): bigint {
  const [reserveIn, reserveOut] = isForward(window, swap) ? [money, token] : [token, money];
  return rule.quote === undefined
    ? constantProductOut(rule, swap, reserveIn, reserveOut)
    : quoteFeeOut(rule, swap.tokenIn === rule.quote, swap.amountIn, reserveIn, reserveOut);
}

/** What a pool trades against after a swap with this output. */
export function stateAfter(rule: FeeRule, window: Window, swap: Swap, before: PoolState): PoolState {
  return afterSwap(before, isForward(window, swap), addedInput(rule, swap), grossOutput(rule, swap));
}

export interface ReplayError {
  /** Largest relative error of the outputs. */
  readonly relative: number;
  /** The largest error, in atoms. */
  readonly atoms: bigint;
}

/**
 * How far the outputs replayed from the states before each swap are from the observed ones.
 * @param enough Stops at this relative error, if it is more than one atom.
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
