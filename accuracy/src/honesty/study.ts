import type { MevRecord, Verdict } from "@slipstream/mev";
import { type MevTradeTruth, openMevWorld } from "@slipstream/simulator";
import { type Sent, sentOf } from "../fees/fee-trials.ts";
import type { Judges } from "../judges.ts";
import { WorldJudge } from "../mev-world/verdicts.ts";
import type { AccuracyWorld } from "../worlds.ts";
import { type GapKind, Gaps } from "./gaps.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { toldRecord, trueRecord } from "./records.ts";
import { type SignOutcome, SignTruth } from "./signs.ts";
import { type Estimates, type StatisticKey, statisticKeys, type Teller, tellTotals } from "./statistics.ts";
import { LEARNED_DAYS } from "./study-world.ts";

/** A world whose days are runs of their own: the desk asks each evening what the day was like. */
export interface StudyWorld {
  readonly world: AccuracyWorld;
  /** Days that are runs. */
  readonly runs: number;
}

export interface RunOutcomes {
  readonly seed: number;
  readonly gaps: GapKind;
  /** Trades that reached the chain, and those of them without a verdict. */
  readonly onChain: number;
  readonly unjudged: number;
  readonly outcomes: Readonly<Record<StatisticKey, Outcome>>;
  /** Whether fees and protections pay off, as asked after the day's first trades. */
  readonly signs: readonly SignOutcome[];
}

const DAY_MS = 86_400_000;

class Day {
  readonly told: MevRecord[] = [];
  readonly truth: MevRecord[] = [];
}

/** Runs the world, gives its days' trades to the statistics as they were told, and holds the intervals against the truth. */
export function studyWorld(
  { world: given, runs }: StudyWorld,
  { openTracker }: Pick<Judges, "openTracker">,
  tell: Teller,
  progress?: (share: number) => void,
): RunOutcomes[] {
  const world = openMevWorld(given.options);
  const { startMs } = world.settings;
  const gaps = new Gaps(world.firstSlot, given.options.seed);
  const sent = new Map<string, Sent>();
  const days = new Map<number, Day>();
  let done = 0;
  const judged = (truth: MevTradeTruth, verdict: Verdict | undefined): void => {
    const span = sent.get(truth.id);
    if (span === undefined) return;
    sent.delete(truth.id);
    const number = Math.floor((span.startMs - startMs) / DAY_MS);
    const day = days.get(number) ?? new Day();
    days.set(number, day);
    day.truth.push(trueRecord(truth, span));
    if (number < LEARNED_DAYS + runs) day.told.push(toldRecord(truth, span, verdict));
    progress?.(++done / given.options.trades);
  };
  const isUnseen = (slot: number): boolean => gaps.isUnseen(slot);
  const judge = new WorldJudge(world, { judged, tracker: openTracker(), isUnseen });
  const lastMs = startMs + (LEARNED_DAYS + runs) * DAY_MS;
  let isOver = false;
  for (const record of world.slots()) {
    for (const span of record.trades) sent.set(String(span.attributes["trade.id"]), sentOf(span));
    if (!isOver && record.timeMs > lastMs + DAY_MS / 24) {
      isOver = true;
      for (const truth of judge.end()) judged(truth, undefined);
    }
    if (!isOver) judge.add(record);
    for (const truth of record.truths) if (isOver || truth.verdict === null) judged(truth, undefined);
  }
  if (!isOver) for (const truth of judge.end()) judged(truth, undefined);
  const longRecords = [...days].flatMap(([number, { truth }]) => (number < LEARNED_DAYS ? [] : truth));
  const long = tell(longRecords);
  const signTruth = new SignTruth(longRecords);
  return Array.from({ length: runs }, (_, index) => {
    const number = LEARNED_DAYS + index;
    const day = days.get(number) ?? new Day();
    const [told, totals] = [tell(day.told), tellTotals(day.truth)];
    const truths: Estimates = { ...long, ...totals };
    const outcomes = statisticKeys.map((key) => {
      const { value: known } = truths[key];
      const value = key === "feeReturn" ? signTruth.feeReturnOf(day.told) : known;
      return [key, outcomeOf(told[key], value)] as const;
    });
    const onChain = day.truth.filter(({ verdict }) => verdict !== null).length;
    const isJudged = ({ verdict }: MevRecord): boolean => verdict !== null && verdict !== "unknown";
    return {
      seed: given.options.seed,
      gaps: gaps.kindOf(number),
      onChain,
      unjudged: onChain - day.told.filter(isJudged).length,
      outcomes: Object.fromEntries(outcomes) as Record<StatisticKey, Outcome>,
      signs: signTruth.ask(day.told),
    };
  });
}
