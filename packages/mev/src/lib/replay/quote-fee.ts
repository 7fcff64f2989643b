import { type FeeRule, feeText } from "./constant-product.ts";
import type { PoolState, Window } from "./pool-states.ts";
import { replayedOut } from "./replay-error.ts";

/** Relative error up to which a swap follows a fee, beside that of rounding: the fees of neighbouring tiers differ by 1e-4. */
const tolerance = 1e-6;

export interface QuoteFee {
  readonly rule: FeeRule;
  /** Largest relative error of replaying what did happen. */
  readonly residual: number;
}

/**
 * The fee of a pool that charges it in one of its tokens, from its reserves before each swap: the one that all swaps follow, to what
 * rounding allows, in the token that fits better.
 * @param fees Millionths, to try in this order; the first that fits is taken.
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
  return "its swaps follow no fee in whole basis points, up to 100, from the given reserves";
}

export function quoteFeeText(rule: FeeRule): string {
  return `${feeText(rule)} in ${rule.quote}, inferred from the swaps`;
}

/** Undefined where a swap does not follow. */
function residualOf(rule: FeeRule, window: Window, states: readonly PoolState[]): QuoteFee | undefined {
  let residual = 0;
  for (const [at, swap] of window.swaps.entries()) {
    const state = states[at];
    if (state === undefined || state.money <= 0n || state.token <= 0n || swap.amountOut <= 0n)
      return undefined;
    const out = Number(swap.amountOut);
    const error = Math.abs(Number(replayedOut(rule, window, swap, state) - swap.amountOut)) / out;
    // Where the output was fixed, what is paid was rounded up, and its fee.
    if (error > tolerance + 3 / Number(swap.amountIn) + 2 / out) return undefined;
    residual = Math.max(residual, error);
  }
  return { rule, residual };
}
