import type { Decision } from "../market/decisions.ts";
import type { Market } from "../market/market.ts";
import { inputToken, outputToken, tokens, toTokens } from "../market/tokens.ts";

/** What the desk holds for fair at the moment it decides. */
export interface Valuation {
  /** USD for a SOL. */
  readonly solUsd: number;
  /** USD for a whole token of the input. */
  readonly inputUsd: number;
  /** USD for a whole token of the output, the strategy's edge included. */
  readonly outputUsd: number;
}

export function valuation(market: Market, { pair, side, edgeBps }: Decision, timeMs: number): Valuation {
  return {
    solUsd: market.usd(tokens.sol, timeMs),
    inputUsd: market.usd(inputToken(pair, side), timeMs),
    outputUsd: market.usd(outputToken(pair, side), timeMs) * (1 + edgeBps / 10_000),
  };
}

/** Profit of a trade in whole micro-USD, as USD: the output at its fair price, less the input and all fees. */
export function profitUsd(
  { pair, side }: Decision,
  fair: Valuation,
  amounts: { readonly in: bigint; readonly out: bigint; readonly feesLamports: number },
): number {
  const got = toTokens(outputToken(pair, side), amounts.out) * fair.outputUsd;
  const gave = toTokens(inputToken(pair, side), amounts.in) * fair.inputUsd;
  return roundUsd(got - gave - feesUsd(fair, amounts.feesLamports));
}

export function feesUsd({ solUsd }: Valuation, lamports: number): number {
  return (lamports / 1e9) * solUsd;
}

/** To whole micro-USD; never -0. */
export function roundUsd(usd: number): number {
  return Math.round(usd * 1e6) / 1e6 + 0;
}
