import type { FeeQuery, FeeTrial } from "@slipstream/mev";
import { nearestRank } from "@slipstream/stats";
import { expectedValue } from "../../lib/mev-world/fees/expected-value.ts";
import { bestBid } from "../../lib/mev-world/fees/oracle.ts";
import type { MevWorld } from "../../lib/mev-world/world.ts";
import { InformedOracle } from "./informed-oracle.ts";
import type { Judges } from "./judges.ts";
import { contextOf, type SentTrade } from "./sent-trade.ts";

/** What bids on trades of held-out days are worth, exactly, USD in all. What would lose is not sent, and worth 0. */
export interface FeeRegret {
  /** Trades that were learned from. */
  readonly trials: number;
  readonly asked: number;
  /** Questions that were answered with "not enough data": they count for nobody. */
  readonly abstained: number;
  readonly advisedUsd: number;
  /** Of the best bid by the market's true odds for who is told what the advice is told: see `InformedOracle`. */
  readonly oracleUsd: number;
  /** Of the best bid with pool, tolerance, hour and congestion known too. */
  readonly seerUsd: number;
  /** Of the best of the fixed percentiles of earlier bids. */
  readonly fixedUsd: number;
  readonly fixedShare: number;
  /** The same where what would lose is left out by who knows it: the best that a fixed percentile can be. */
  readonly sievedUsd: number;
  /** Of what the desk did offer. */
  readonly deskUsd: number;
}

/** The last third of the days is asked about. */
const LEARNED_SHARE = 2 / 3;
const MOST_ASKED = 2000;
export const fixedShares: readonly number[] = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];

export function feeRegret(world: MevWorld, trades: readonly SentTrade[], { learn }: Judges): FeeRegret {
  const cut = Math.floor(trades.length * LEARNED_SHARE);
  const trials = trades.slice(0, cut).map(({ trial }) => trial);
  const adviser = learn(trials);
  const oracle = new InformedOracle(world, trades.slice(0, cut));
  const bids = bidsByProtection(trials);
  const step = Math.max(1, (trades.length - cut) / MOST_ASKED);
  const sums = { asked: 0, abstained: 0, advisedUsd: 0, oracleUsd: 0, seerUsd: 0, deskUsd: 0 };
  const fixed = fixedShares.map(() => 0);
  const sieved = fixedShares.map(() => 0);
  for (let at = cut; at < trades.length; at += step) {
    const trade = trades[Math.floor(at)];
    if (trade === undefined) break;
    sums.asked++;
    const { protection } = trade.truth;
    const answer = adviser.advise(queryOf(trade));
    if (answer.advice === null) {
      sums.abstained++;
      continue;
    }
    const context = contextOf(world, trade);
    const { advice } = answer;
    const worth = (bid: number): number => expectedValue(context, bid).usd;
    if (advice.isWorthSending) {
      sums.advisedUsd += worth(protection === "jito" ? advice.tipLamports : advice.priorityFeeLamports);
    }
    const best = oracle.bid(trade);
    if (best !== undefined) sums.oracleUsd += worth(best);
    sums.seerUsd += Math.max(0, bestBid(context).usd);
    sums.deskUsd += worth(bidOf(trade.trial));
    const own = bids.get(protection) ?? [];
    for (const [index, share] of fixedShares.entries()) {
      const usd = worth(own[nearestRank(share, Math.max(1, own.length)) - 1] ?? 0);
      fixed[index] = (fixed[index] ?? 0) + usd;
      sieved[index] = (sieved[index] ?? 0) + Math.max(0, usd);
    }
  }
  const fixedUsd = Math.max(...fixed);
  const fixedShare = fixedShares[fixed.indexOf(fixedUsd)] ?? 0;
  return { trials: trials.length, ...sums, fixedUsd, fixedShare, sievedUsd: Math.max(...sieved) };
}

function queryOf({ truth: { pair, sizeUsd, urgency, protection }, sent: { solUsd } }: SentTrade): FeeQuery {
  return { pair, sizeUsd, urgency, solUsd, protections: [protection] };
}

function bidOf({ protection, tipLamports, priorityFeeLamports }: FeeTrial): number {
  return protection === "jito" ? tipLamports : priorityFeeLamports;
}

/** Ascending. */
function bidsByProtection(trials: readonly FeeTrial[]): Map<string, number[]> {
  const bids = new Map<string, number[]>();
  for (const trial of trials) {
    const own = bids.get(trial.protection) ?? [];
    bids.set(trial.protection, own);
    own.push(bidOf(trial));
  }
  for (const own of bids.values()) own.sort((a, b) => a - b);
  return bids;
}
