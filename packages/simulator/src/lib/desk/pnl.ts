import type { Decision } from "../market/decisions.ts";
import type { Market } from "../market/market.ts";
import { inputToken, outputToken, tokens, toTokens } from "../market/tokens.ts";

/** The desk's fair prices at the time of its decision. */
export interface Valuation {
  /** USD per SOL. */
  readonly solUsd: number;
  /** USD per whole input token. */
  readonly inputUsd: number;
  /** USD per whole output token, including the strategy's edge. */
  readonly outputUsd: number;
}

export function valuation(market: Market, { pair, side, edgeBps }: Decision, timeMs: number): Valuation {
  return {
    solUsd: market.usd(tokens.sol, timeMs),
    inputUsd: market.usd(inputToken(pair, side), timeMs),
    outputUsd: market.usd(outputToken(pair, side), timeMs) * (1 + edgeBps / 10_000),
  };
}

/**
 * Profit of a trade in USD, rounded to micro-USD: the output at its fair price, less the input and all fees.
 */
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

/** Rounds to whole micro-USD; never -0. */
export function roundUsd(usd: number): number {
  return Math.round(usd * 1e6) / 1e6 + 0;
}
