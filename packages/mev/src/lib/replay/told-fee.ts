import type { FeeRule } from "./constant-product.ts";
import { equationsOf, solve, statesFrom, steadiest } from "./infer-state.ts";
import { isForward, type Window } from "./pool-states.ts";
import type { WayToCharge } from "./range-rules.ts";
import { replayedOut } from "./replay-error.ts";

/**
 * The fee that a window's swaps tell, if they follow one range: swaps in one direction determine the pool up
 * to the fee, and the last swap in the other direction then follows from one fee only, because a higher fee
 * always leaves less.
 * @param most Millionths.
 * @returns A fee that is at most one millionth off, if there is any.
 */
export function toldFee(window: Window, way: WayToCharge, most: bigint): bigint | undefined {
  const back = window.swaps.findLastIndex((swap) => !isForward(window, swap));
  if (back < 0) return undefined;
  const [atLowest, atHighest] = [excess(window, way(0n), back), excess(window, way(most), back)];
  if (atLowest === undefined || atHighest === undefined || atLowest >= 0n === atHighest >= 0n)
    return undefined;
  let [low, high] = [0n, most];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    const at = excess(window, way(middle), back);
    if (at === undefined) return undefined;
    if (at >= 0n === atLowest >= 0n) low = middle;
    else high = middle;
  }
  return low;
}

/** By how much a replay of one swap, from what the swaps in the other direction determine, exceeds it. */
function excess(window: Window, rule: FeeRule, back: number): bigint | undefined {
  const equations = equationsOf(rule, window);
  if (equations.length < window.swaps.length) return undefined;
  const pair = steadiest(equations.filter((_, at) => window.swaps[at]?.tokenIn === window.money));
  const start = pair === undefined ? undefined : solve(pair.a, pair.b);
  const swap = window.swaps[back];
  const before = start === undefined ? undefined : statesFrom(rule, start, window)[back];
  if (swap === undefined || before === undefined) return undefined;
  return replayedOut(rule, window, swap, before) - swap.amountOut;
}
