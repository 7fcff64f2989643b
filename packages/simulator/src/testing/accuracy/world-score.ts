import type { Verdict } from "@slipstream/mev";
import type { MevTradeTruth } from "../../lib/mev-world/truth/model.ts";
import { openMevWorld } from "../../lib/mev-world/world.ts";
import { type DetectorScore, scoreDetector } from "../mev-world/score.ts";
import { judgeWorld } from "../mev-world/verdicts.ts";
import { type FeeRegret, feeRegret } from "./fee-regret.ts";
import { feeTrial, type Sent, sentOf } from "./fee-trials.ts";
import type { Judges } from "./judges.ts";
import type { SentTrade } from "./sent-trade.ts";
import { VerdictTally } from "./verdict-tally.ts";
import type { AccuracyWorld } from "./worlds.ts";

export interface WorldScore {
  readonly world: AccuracyWorld;
  readonly swaps: number;
  readonly detector: DetectorScore;
  readonly verdicts: VerdictTally;
  readonly fees: FeeRegret;
}

/** Runs a world twice: all swaps through the detector, then the desk's trades through the tracker of verdicts. */
export function scoreWorld(given: AccuracyWorld, judges: Judges, step: (what: string) => void): WorldScore {
  const world = openMevWorld(given.options);
  step("sandwiches");
  const detector = scoreDetector(world, judges.detect);
  step("verdicts");
  const verdicts = new VerdictTally();
  const sent = new Map<string, Sent>();
  const trades: SentTrade[] = [];
  let swaps = 0;
  const judged = (truth: MevTradeTruth, verdict: Verdict | undefined): void => {
    verdicts.add(truth, verdict);
    const span = sent.get(truth.id);
    if (span !== undefined) trades.push({ truth, sent: span, trial: feeTrial(truth, span, verdict) });
  };
  const missing = judgeWorld(world, {
    judged,
    onSlot(record) {
      swaps += record.swaps.length;
      for (const span of record.trades) sent.set(String(span.attributes["trade.id"]), sentOf(span));
      for (const truth of record.truths) if (truth.verdict === null) judged(truth, undefined);
    },
    tracker: judges.openTracker(),
  });
  for (const truth of missing) judged(truth, undefined);
  step("fee advice");
  trades.sort((a, b) => a.sent.startMs - b.sent.startMs || (a.truth.id < b.truth.id ? -1 : 1));
  return { world: given, swaps, detector, verdicts, fees: feeRegret(world, trades, judges) };
}
