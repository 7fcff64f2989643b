import { type Bps, bps } from "@slipstream/conventions";
import type { FeeAdviser, FeeTrial } from "@slipstream/mev";
import type { MevWorld } from "@slipstream/simulator";
import { nearestRank } from "@slipstream/stats";
import type { Judges } from "../judges.ts";
import { BidWorth } from "./bid-worth.ts";
import { fixedShares, type Regret, RegretTally } from "./regret-tally.ts";
import { contextOf, type SentTrade } from "./sent-trade.ts";
import { Situations } from "./situations.ts";

/** Of questions as a trader asks them: pair, size, urgency. */
export interface FeeRegret extends Regret {
  /** Trades that were learned from. */
  readonly trials: number;
  /** The same questions with the tolerance told to advice and oracle. */
  readonly withTolerance: Regret;
  /** The same questions where only the last of the trades were learned from. */
  readonly few: readonly (Regret & { readonly trials: number })[];
}

/** The last third of the days is asked about. */
const LEARNED_SHARE = 2 / 3;
const MOST_ASKED = 2000;
export const fewTrials: readonly number[] = [1000, 5000];

type Advice = Pick<FeeAdviser, "advise">;

export function feeRegret(world: MevWorld, trades: readonly SentTrade[], { learn }: Judges): FeeRegret {
  const cut = Math.floor(trades.length * LEARNED_SHARE);
  const trials = trades.slice(0, cut).map(({ trial }) => trial);
  const adviser = learn(trials);
  const [plain, told] = [new RegretTally(), new RegretTally()];
  const few = fewTrials
    .filter((count) => count < trials.length)
    .map((count) => ({ count, adviser: learn(trials.slice(-count)), tally: new RegretTally() }));
  const situations = new Situations(world, trades.slice(cut));
  const percentiles = percentilesByProtection(trials);
  const step = Math.max(1, (trades.length - cut) / MOST_ASKED);
  for (let at = cut; at < trades.length; at += step) {
    const trade = trades[Math.floor(at)];
    if (trade === undefined) break;
    const { protection, toleranceBps } = trade.truth;
    const known = {
      own: new BidWorth([contextOf(world, trade)]),
      percentiles: percentiles.get(protection) ?? [],
      offered: bidOf(trade.trial),
    };
    const worth = situations.worthOf(trade, { tolerance: false });
    plain.add({ ...known, worth, advised: advised(adviser, trade) });
    for (const one of few) one.tally.add({ ...known, worth, advised: advised(one.adviser, trade) });
    const worthTold = situations.worthOf(trade, { tolerance: true });
    told.add({ ...known, worth: worthTold, advised: advised(adviser, trade, bps(toleranceBps)) });
  }
  return {
    ...plain.end(),
    trials: trials.length,
    withTolerance: told.end(),
    few: few.map(({ count, tally }) => ({ ...tally.end(), trials: count })),
  };
}

/** The bid, lamports; null: not to send; undefined: no advice. */
function advised(
  adviser: Advice,
  { truth: { pair, sizeUsd, urgency, protection }, sent: { solUsd } }: SentTrade,
  toleranceBps?: Bps,
): number | null | undefined {
  const query = { pair, sizeUsd, urgency, solUsd, toleranceBps, protections: [protection] };
  const { advice } = adviser.advise(query);
  if (advice === null) return undefined;
  if (!advice.isWorthSending) return null;
  return protection === "jito" ? advice.tipLamports : advice.priorityFeeLamports;
}

function bidOf({ protection, tipLamports, priorityFeeLamports }: FeeTrial): number {
  return protection === "jito" ? tipLamports : priorityFeeLamports;
}

/** Bids at `fixedShares`. */
function percentilesByProtection(trials: readonly FeeTrial[]): Map<string, number[]> {
  const bids = new Map<string, number[]>();
  for (const trial of trials) {
    const own = bids.get(trial.protection) ?? [];
    bids.set(trial.protection, own);
    own.push(bidOf(trial));
  }
  return new Map(
    [...bids].map(([protection, own]) => {
      own.sort((a, b) => a - b);
      return [protection, fixedShares.map((share) => own[nearestRank(share, own.length) - 1] ?? 0)];
    }),
  );
}
