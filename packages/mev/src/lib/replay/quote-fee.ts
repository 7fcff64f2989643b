import { type FeeRule, feeText } from "./constant-product.ts";
import type { PoolState, Window } from "./pool-states.ts";
import { replayedOut } from "./replay-error.ts";

/**
 * Maximum relative error at which a swap follows a fee, besides rounding: neighbouring fee tiers differ by
 * 1e-4.
 */
const tolerance = 1e-6;

export interface QuoteFee {
  readonly rule: FeeRule;
  /** Largest relative error when the observed swaps are replayed. */
  readonly residual: number;
}

/**
 * The fee of a pool that charges it in one of its tokens, inferred from the reserves before each swap: the
 * fee that all swaps follow as closely as rounding allows, in the token that fits better.
 * @param fees Millionths, in the order tried; the first that fits is used.
 */
export function fitQuoteFee(
  window: Window,
  states: readonly PoolState[],
  fees: readonly bigint[],
): QuoteFee | string {
  const other = window.swaps.map(({ tokenIn, tokenOut }) =>
    tokenIn === window.money ? tokenOut : tokenIn,
  )[0];
  for (const millionths of fees) {
    const [better] = [window.money, other ?? ""]
      .map((quote): FeeRule => ({ millionths, rounding: "charged", quote }))
      .flatMap((rule) => residualOf(rule, window, states) ?? [])
      .toSorted((a, b) => a.residual - b.residual);
    if (better !== undefined) return better;
  }
  return "its swaps follow no fee of 0 to 100 whole basis points from the given reserves";
}

export function quoteFeeText(rule: FeeRule): string {
  return `${feeText(rule)} in ${rule.quote}, inferred from the swaps`;
}

/** Undefined if a swap does not follow. */
function residualOf(rule: FeeRule, window: Window, states: readonly PoolState[]): QuoteFee | undefined {
  let residual = 0;
  for (const [at, swap] of window.swaps.entries()) {
    const state = states[at];
    if (state === undefined || state.money <= 0n || state.token <= 0n || swap.amountOut <= 0n)
      return undefined;
    const out = Number(swap.amountOut);
    const error = Math.abs(Number(replayedOut(rule, window, swap, state) - swap.amountOut)) / out;
    // If the output was fixed, the input and its fee were rounded up.
    if (error > tolerance + 3 / Number(swap.amountIn) + 2 / out) return undefined;
    residual = Math.max(residual, error);
  }
  return { rule, residual };
}
