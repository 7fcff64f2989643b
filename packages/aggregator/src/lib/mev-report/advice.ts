import { type FeeAdvice, FeeAdviser } from "@slipstream/mev";
import type { JudgedTrade } from "./judged-trade.ts";

export interface AdviceQuery {
  readonly pair: string;
  readonly sizeUsd: number;
  /** In the desk's own words: `trade.strategy` of its trades. */
  readonly urgency: string;
}

/** The answer of `/api/advice`. */
export type AdviceAnswer = AdviceQuery & {
  readonly from: string;
  readonly to: string;
  /** Trades that it is learned from. */
  readonly trades: number;
  readonly truncated: boolean;
  /** Price of SOL that lamports are weighed with; null where no trade tells one. */
  readonly solUsd: number | null;
} & FeeAdvice;

export function adviceOn(
  trades: readonly JudgedTrade[],
  query: AdviceQuery,
  about: { readonly from: string; readonly to: string; readonly truncated: boolean },
): AdviceAnswer {
  const trials = trades.flatMap(({ trial }) => trial ?? []);
  const solUsd = trades.findLast((trade) => trade.solUsd !== null)?.solUsd ?? null;
  const answer = { ...query, ...about, trades: trials.length, solUsd };
  if (solUsd === null) {
    const reason = `not enough data (n = ${trials.length}): no trade tells the price of SOL (trade.sol_usd)`;
    return { ...answer, advice: null, reason };
  }
  return { ...answer, ...new FeeAdviser(trials).advise({ ...query, solUsd }) };
}
