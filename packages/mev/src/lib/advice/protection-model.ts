import { type Lamports, lamports } from "@slipstream/conventions";
import type { MonotoneCurve } from "@slipstream/stats";
import { groupBy } from "../statistics/dimensions.ts";
import { attackByBid } from "./attack-by-bid.ts";
import { AttackCounts } from "./attack-counts.ts";
import type { AttackModel } from "./attack-model.ts";
import { type BidCurves, bidCurves } from "./bid-curves.ts";
import { type BidKind, bidKindOf, type FeeTrial } from "./fee-trial.ts";
import { pairShift } from "./pair-shift.ts";

/** What is known about one protection. */
export interface ProtectionModel {
  readonly kind: BidKind;
  readonly judged: AttackCounts;
  readonly byUrgency: ReadonlyMap<string, UrgencyModel>;
  /** Median of the part of the offer that is not the bid, in lamports. */
  readonly otherLamports: Lamports;
}

export interface UrgencyModel {
  readonly curves: BidCurves;
  readonly shifts: ReadonlyMap<string, number>;
  readonly attackFactor: MonotoneCurve;
  /** Share of the trials that reverted. */
  readonly reverted: number;
}

/** @param trials Trials with this protection. @param attacks Model over all trials. */
export function learnProtection(
  trials: readonly FeeTrial[],
  attacks: Pick<AttackModel, "rateOf">,
): ProtectionModel {
  const kind = bidKindOf(trials);
  const others = trials
    .map(({ priorityFeeLamports, tipLamports }) => (kind === "tip" ? priorityFeeLamports : tipLamports))
    .sort((a, b) => a - b);
  const byUrgency = [...groupBy(trials, ({ urgency }) => urgency)].map(
    ([urgency, own]) => [urgency, learnUrgency(own, attacks, kind)] as const,
  );
  return {
    kind,
    judged: new AttackCounts(trials),
    byUrgency: new Map(byUrgency),
    otherLamports: others[Math.floor(others.length / 2)] ?? lamports(0),
  };
}

/** Fits the curve of all pairs, then each pair's shift, then the curve again without the shifts. */
function learnUrgency(
  trials: readonly FeeTrial[],
  attacks: Pick<AttackModel, "rateOf">,
  kind: BidKind,
): UrgencyModel {
  const rough = bidCurves(trials, kind);
  const shifts = new Map(
    [...groupBy(trials, ({ pair }) => pair)].map(([pair, own]) => [
      pair,
      pairShift(own, rough.landing, kind),
    ]),
  );
  return {
    curves: bidCurves(trials, kind, (pair) => shifts.get(pair) ?? 0),
    shifts,
    attackFactor: attackByBid(trials, attacks, kind),
    reverted: trials.filter(({ outcome }) => outcome === "reverted").length / Math.max(1, trials.length),
  };
}
