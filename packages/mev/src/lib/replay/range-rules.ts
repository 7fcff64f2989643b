import { allApart, type FeeRule } from "./constant-product.ts";
import type { Window } from "./pool-states.ts";

/** The fees that pools of a program may charge, in millionths, rounded up. */
export interface PossibleFees {
  readonly millionths: readonly bigint[];
  /** Whether a pool may also charge its fee always in one of its tokens. */
  readonly inOneToken: boolean;
  /** The highest fee, if a pool may also charge any other whole number of millionths. */
  readonly any: bigint | undefined;
}

/** How a pool may charge a fee of so many millionths. */
export type WayToCharge = (millionths: bigint) => FeeRule;

/** The rules with the usual fees. */
export function usualRangeRules(window: Window, fees: PossibleFees): FeeRule[] {
  const ways = waysToCharge(window, fees);
  return fees.millionths.flatMap((fee) => ways.map((way) => way(fee)));
}

/**
 * On the input, or always in one token: on top of the input or out of the output, whichever is of this token.
 * Source: raydium-io/raydium-clmm, states/pool.rs `is_fee_on_input`, libraries/swap_math.rs.
 */
export function waysToCharge({ swaps }: Window, { inOneToken }: PossibleFees): WayToCharge[] {
  const onInput = (millionths: bigint): FeeRule => ({ millionths, rounding: "charged", apart: allApart });
  if (!inOneToken) return [onInput];
  const tokens = new Set(swaps.flatMap(({ tokenIn, tokenOut }) => [tokenIn, tokenOut]));
  const inToken = (token: string): WayToCharge => {
    return (millionths) => ({ ...onInput(0n), aside: { millionths, token } });
  };
  return [onInput, ...[...tokens].map(inToken)];
}

/** The same rule with a fee that is higher by so many millionths. */
export function withFeeHigherBy(rule: FeeRule, more: bigint): FeeRule {
  const { millionths, aside } = rule;
  return aside === undefined
    ? { ...rule, millionths: millionths + more }
    : { ...rule, aside: { ...aside, millionths: aside.millionths + more } };
}
