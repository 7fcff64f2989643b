import { bps } from "@slipstream/conventions";
import { type FeeAdvice, FeeAdviser } from "@slipstream/mev";
import type { JudgedTrade } from "./judged-trade.ts";
import type { MissingTrades } from "./missing-trades.ts";

export interface AdviceQuery {
  readonly pair: string;
  readonly sizeUsd: number;
  /** In the desk's own words: `trade.strategy` of its trades. null: learned from trades of any urgency. */
  readonly urgency: string | null;
  /** Slippage tolerance, basis points: how much attackers can take. null: any, as often as the pair's trades had it. */
  readonly slippageBps: number | null;
}

/** The answer of `/api/advice`. */
export type AdviceAnswer = AdviceQuery & {
  readonly from: string;
  readonly to: string;
  /** Trades that it is learned from. */
  readonly trades: number;
  readonly truncated: boolean;
  /** null: all trades of the span could be read. */
  readonly missing: MissingTrades | null;
  /** Price of SOL that lamports are weighed with; null where no trade tells one. */
  readonly solUsd: number | null;
} & FeeAdvice;

const ANY = "any";

export function adviceOn(
  trades: readonly JudgedTrade[],
  query: AdviceQuery,
  about: Pick<AdviceAnswer, "from" | "to" | "truncated" | "missing">,
): AdviceAnswer {
  const { pair, sizeUsd } = query;
  const toleranceBps = query.slippageBps === null ? undefined : bps(query.slippageBps);
  const urgency = query.urgency ?? ANY;
  const told = trades.flatMap(({ trial }) => trial ?? []);
  const trials = query.urgency === null ? told.map((trial) => ({ ...trial, urgency })) : told;
  const solUsd = trades.findLast((trade) => trade.solUsd !== null)?.solUsd ?? null;
  const answer = { ...query, ...about, trades: trials.length, solUsd };
  if (solUsd === null) {
    const reason = `not enough data (n = ${trials.length}): no trade tells the price of SOL (trade.sol_usd)`;
    return { ...answer, advice: null, reason };
  }
  return { ...answer, ...new FeeAdviser(trials).advise({ pair, sizeUsd, urgency, toleranceBps, solUsd }) };
}
