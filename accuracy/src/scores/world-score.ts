import type { Verdict } from "@slipstream/mev";
import { type MevTradeTruth, openMevWorld } from "@slipstream/simulator";
import { type FeeRegret, feeRegret } from "../fees/fee-regret.ts";
import { feeTrial, type Sent, sentOf } from "../fees/fee-trials.ts";
import { bidTruth, type SentTrade } from "../fees/sent-trade.ts";
import type { Judges } from "../judges.ts";
import { type DetectorScore, DetectorScorer, poolKinds } from "../mev-world/score.ts";
import { WorldJudge } from "../mev-world/verdicts.ts";
import type { AccuracyWorld } from "../worlds.ts";
import { type TallyData, VerdictTally } from "./verdict-tally.ts";

export interface WorldScore {
  readonly world: AccuracyWorld;
  readonly swaps: number;
  readonly detector: DetectorScore;
  readonly verdicts: VerdictTally;
  readonly fees: FeeRegret;
}

/** A score as another thread sends it. */
export type WorldScoreData = Omit<WorldScore, "verdicts"> & { readonly verdicts: TallyData };

export function restoreScore(data: WorldScoreData): WorldScore {
  const verdicts = new VerdictTally();
  verdicts.merge(data.verdicts);
  return { ...data, verdicts };
}

/** Share of the time of a world that its run takes; the rest are questions about fees. */
const RUN_SHARE = 0.85;

/**
 * Runs a world once: all its swaps through the detector, and the desk's trades through the tracker of verdicts.
 * @param progress Told how much of it is done, a share.
 */
export function scoreWorld(
  given: AccuracyWorld,
  judges: Judges,
  progress?: (share: number) => void,
): WorldScore {
  const world = openMevWorld(given.options);
  const detector = new DetectorScorer(world, judges.detect);
  const verdicts = new VerdictTally();
  const sent = new Map<string, Sent>();
  const trades: SentTrade[] = [];
  let swaps = 0;
  const kinds = poolKinds(world);
  const judged = (truth: MevTradeTruth, verdict: Verdict | undefined): void => {
    verdicts.add({ ...truth, protocol: kinds.get(truth.pool) ?? truth.protocol }, verdict);
    const span = sent.get(truth.id);
    sent.delete(truth.id);
    if (span === undefined) return;
    trades.push({ truth: bidTruth(truth), sent: span, trial: feeTrial(truth, span, verdict) });
    progress?.((RUN_SHARE * trades.length) / given.options.trades);
  };
  const judge = new WorldJudge(world, { judged, tracker: judges.openTracker() });
  for (const record of world.slots()) {
    swaps += record.swaps.length;
    for (const span of record.trades) sent.set(String(span.attributes["trade.id"]), sentOf(span));
    for (const truth of record.truths) if (truth.verdict === null) judged(truth, undefined);
    detector.add(record);
    judge.add(record);
  }
  for (const truth of judge.end()) judged(truth, undefined);
  trades.sort((a, b) => a.sent.startMs - b.sent.startMs || (a.truth.id < b.truth.id ? -1 : 1));
  const fees = feeRegret(world, trades, judges);
  return { world: given, swaps, detector: detector.end(), verdicts, fees };
}
