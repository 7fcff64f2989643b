import { wilson } from "@slipstream/stats";
import type { ChainScore } from "../chain/chain-score.ts";
import { type StatisticKey, statisticKeys, statistics } from "../honesty/statistics.ts";
import type { RunOutcomes } from "../honesty/study.ts";
import type { Accuracy } from "../measure.ts";
import { type Truth, truths } from "../scores/confusion.ts";
import { total } from "../scores/gather.ts";
import { PooledDetector, poolVerdicts, sumOfHits, sumOfTold } from "../scores/pooled.ts";
import type { WorldScore } from "../scores/world-score.ts";
import { allOf, cleanUnread, creatorLosses } from "./chain.ts";
import { errorQuantiles, errorText, number, percent, shareText, table, usd } from "./format.ts";
import { heldBy, signsOf } from "./honesty.ts";

const LEAST_SHARE = 0.99;
const LEAST_HELD = 0.93;
const MOST_ERROR = 0.01;
const MOST_REGRET = 0.05;

/** The goals and whether they were reached: what a reader needs to know first. */
export function goals({ labelled, block, worlds, chains, runs }: Accuracy): string {
  const rows: string[][] = [];
  if (labelled !== undefined) {
    const { right, truth, told } = labelled;
    const wrong = told - right;
    rows.push([
      "all labelled sandwiches of real Ethereum blocks, and no others",
      `${right} of ${truth}, ${wrong} wrong`,
      yesNo(right === truth && wrong === 0),
    ]);
  }
  if (block !== undefined) {
    rows.push([
      "no sandwich in the real Solana block",
      String(block.sandwiches),
      yesNo(block.sandwiches === 0),
    ]);
  }
  if (worlds.length > 0) rows.push(...verdictGoals(worlds), lossGoal(worlds));
  if (chains.length > 0) rows.push(...chainGoals(chains));
  if (worlds.length > 0) rows.push(...linkedGoals(worlds), creatorGoal(worlds, chains));
  if (runs.length > 0) rows.push(...honestyGoals(runs, totals), ...strictGoals(runs), signGoal(runs));
  if (worlds.length > 0) rows.push(regretGoal(worlds));
  return `${table(header, rows)}${beyond(worlds, runs)}`;
}

const header = ["goal", "measured", "reached"];
/** Means of few and heavy-tailed losses, and what is made of them: also the lower end of their interval has a goal. */
const strict: readonly StatisticKey[] = ["lossMean", "feeReturn"];
const LEAST_LOW = 0.9;
const MOST_WRONG_SIGNS = 0.025;
const MOST_CREATOR_ERROR = 1e-6;

function chainGoals(chains: readonly ChainScore[]): string[][] {
  const { clean, trades } = cleanUnread(chains);
  const { all } = allOf(chains);
  const told = all.ofTold("clean");
  const third = chains.filter(({ world }) => (world.options.unreadShare ?? 0) > 0.3);
  const inThird = cleanUnread(third);
  return [
    [
      "blocks: `clean` verdicts whose surroundings were not wholly read: 0",
      `${number(clean)} of ${number(told)} (${number(trades)} trades were not wholly read)`,
      yesNo(clean === 0),
    ],
    [
      "blocks, a third of the swaps not decodable: `clean` verdicts that are wrong for it: 0",
      thirdText(third),
      yesNo(inThird.clean === 0 && toldClean(third, "impacted") === 0),
    ],
    ...(["impacted", "avoided"] as const).map((verdict) => {
      const hits = chains.reduce((sum, { whole }) => sum + whole.all.count(verdict, verdict), 0);
      const of = chains.reduce((sum, { whole }) => sum + whole.all.ofTruth(verdict), 0);
      return shareGoal(`blocks, wholly read: recall of \`${verdict}\``, hits, of);
    }),
  ];
}

/** Where a third of the swaps cannot be decoded. */
function thirdText(third: readonly ChainScore[]): string {
  const { clean, trades } = cleanUnread(third);
  const avoided = allOf(third).all.ofTruth("avoided");
  return (
    `${number(clean)} of ${number(trades)} trades that were not wholly read, ${number(toldClean(third, "impacted"))} impacted trades; ` +
    `of the avoided ones, which need an attacker with a record, ${number(toldClean(third, "avoided"))} of ${number(avoided)}`
  );
}

function toldClean(chains: readonly ChainScore[], truth: Truth): number {
  return allOf(chains).all.count(truth, "clean");
}

function linkedGoals(worlds: readonly WorldScore[]): string[][] {
  const { byKind, byTransfer } = new PooledDetector(worlds);
  const { found, truth } = byKind.get("linked_wallets") ?? { found: 0, truth: 0 };
  return [
    shareGoal("linked wallets: recall", found, truth),
    shareGoal(
      "linked wallets: precision of what only transfers link",
      byTransfer.right,
      byTransfer.sandwiches,
    ),
  ];
}

function creatorGoal(worlds: readonly WorldScore[], chains: readonly ChainScore[]): string[] {
  const tallies = [...worlds.map(({ verdicts }) => verdicts), ...chains.flatMap(({ whole }) => whole)];
  const { errors, missing } = creatorLosses(tallies);
  const quantiles = errorQuantiles(errors);
  return [
    `pools with creator fees: error of the loss at P95 <= ${MOST_CREATOR_ERROR}, or no loss`,
    quantiles === undefined
      ? "no loss was replayed"
      : `${errorText(quantiles.p95)}, at most ${errorText(quantiles.max)} (${shareText(errors.length, errors.length + missing)} replayed)`,
    yesNo(quantiles !== undefined && quantiles.p95 <= MOST_CREATOR_ERROR),
  ];
}

/** Reached only if the lower end of the interval is high enough too. */
function strictGoals(runs: readonly RunOutcomes[]): string[][] {
  return strict.map((key) => {
    const { held, told } = heldBy(runs, [key]);
    const low = wilson(held, told)?.low ?? 0;
    return [
      `runs: ${statistics[key].name}, truth within the interval >= ${percent(LEAST_HELD)}, its lower end >= ${percent(LEAST_LOW)}`,
      shareText(held, told),
      yesNo(told > 0 && held / told >= LEAST_HELD && low >= LEAST_LOW),
    ];
  });
}

function signGoal(runs: readonly RunOutcomes[]): string[] {
  const signs = signsOf(runs);
  const wrong = signs.filter(({ outcome }) => outcome === "wrong").length;
  const told = signs.filter(({ outcome }) => outcome === "wrong" || outcome === "right").length;
  const groups = [...new Set(signs.map(({ what, trades }) => `${what} ${trades}`))];
  const worst = Math.max(
    ...groups.map((group) => {
      const own = signs.filter(({ what, trades }) => `${what} ${trades}` === group);
      return own.filter(({ outcome }) => outcome === "wrong").length / own.length;
    }),
  );
  return [
    `short runs: a wrong sign of what fees and protections return <= ${percent(MOST_WRONG_SIGNS)}, after any number of trades`,
    `${shareText(wrong, signs.length)}; at most ${percent(worst)}; a sign was reported in ${number(told)}`,
    yesNo(worst <= MOST_WRONG_SIGNS),
  ];
}

const totals = statisticKeys.filter((key) => statistics[key].isTotal === true);

/** Further measurements worth knowing, without a required goal. */
function beyond(worlds: readonly WorldScore[], runs: readonly RunOutcomes[]): string {
  const rows = [
    ...(worlds.length > 0 ? [...detectorGoals(worlds), knownLossGoal(worlds), fixedGoal(worlds)] : []),
    ...honestyGoals(
      runs,
      statisticKeys.filter((key) => !totals.includes(key) && !strict.includes(key)),
    ),
  ];
  if (rows.length === 0) return "";
  return `

Further measurements. \`detectSandwiches\` over everybody's swaps knows no more of them than these swaps show: a stranger's round trip
that paid off and does not count as [luck](mev.md#labels) is \`feasible\` by definition, and counts as wrong here.

${table(header, rows)}`;
}

function detectorGoals(worlds: readonly WorldScore[]): string[][] {
  const detector = new PooledDetector(worlds);
  const hits = sumOfHits(detector.byKind.values());
  const told = sumOfTold(detector.told.values());
  return [
    shareGoal("precision of sandwiches, including strangers'", told.right, told.sandwiches),
    shareGoal("recall of sandwiches, including strangers'", hits.found, hits.truth),
  ];
}

function verdictGoals(worlds: readonly WorldScore[]): string[][] {
  const { all } = poolVerdicts(worlds);
  return truths.flatMap((verdict) => {
    const right = all.count(verdict, verdict);
    return [
      shareGoal(`worlds: precision of \`${verdict}\``, right, all.ofTold(verdict)),
      shareGoal(`worlds: recall of \`${verdict}\``, right, all.ofTruth(verdict)),
    ];
  });
}

function honestyGoals(runs: readonly RunOutcomes[], keys: readonly StatisticKey[]): string[][] {
  if (runs.length === 0) return [];
  return keys.map((key) => {
    const { held, told } = heldBy(runs, [key]);
    return shareGoal(`runs: ${statistics[key].name}, truth within the interval`, held, told, LEAST_HELD);
  });
}

function lossGoal(worlds: readonly WorldScore[]): string[] {
  const all = [...poolVerdicts(worlds).errors.values()].flat();
  const quantiles = errorQuantiles(all);
  return [
    `worlds: error of the loss at P95 <= ${percent(MOST_ERROR)}`,
    quantiles === undefined
      ? "no loss was replayed"
      : `${errorText(quantiles.p95)} (n = ${number(all.length)})`,
    yesNo(quantiles !== undefined && quantiles.p95 <= MOST_ERROR),
  ];
}

function knownLossGoal(worlds: readonly WorldScore[]): string[] {
  const { errors, notReplayed } = poolVerdicts(worlds);
  const known = [...errors.values()].flat().length;
  const missing = total(notReplayed);
  return [
    "worlds: the loss of every impacted trade is known",
    shareText(known, known + missing),
    yesNo(known > 0 && missing === 0),
  ];
}

function regretGoal(worlds: readonly WorldScore[]): string[] {
  const regrets = worlds.map(({ fees }) =>
    fees.oracleUsd > 0 ? 1 - fees.advisedUsd / fees.oracleUsd : null,
  );
  return [
    `worlds: regret of fee advice <= ${percent(MOST_REGRET)} of the oracle's value, in each`,
    regrets.map((regret) => (regret === null ? "no advice" : percent(regret))).join(", "),
    yesNo(regrets.every((regret) => regret !== null && regret <= MOST_REGRET)),
  ];
}

function fixedGoal(worlds: readonly WorldScore[]): string[] {
  return [
    "worlds: fee advice beats the best fixed percentile, in each",
    worlds.map(({ fees }) => `${usd(fees.advisedUsd)} to ${usd(fees.fixedUsd)} USD`).join(", "),
    yesNo(worlds.every(({ fees }) => fees.advisedUsd > fees.fixedUsd)),
  ];
}

function shareGoal(what: string, hits: number, of: number, least: number = LEAST_SHARE): string[] {
  return [`${what} >= ${percent(least)}`, shareText(hits, of), reached(hits, of, least)];
}

/** Says so if the counts are too small for the goal to be certain. */
function reached(hits: number, of: number, least: number): string {
  const interval = wilson(hits, of);
  if (interval === undefined) return "no data";
  if (hits / of < least) return interval.high < least ? "**no**" : "**no**, but within the interval";
  return interval.low >= least ? "yes" : "yes, but the interval reaches below";
}

function yesNo(is: boolean): string {
  return is ? "yes" : "**no**";
}
