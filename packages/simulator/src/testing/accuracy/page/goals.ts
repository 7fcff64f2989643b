import { wilson } from "@slipstream/stats";
import { truths } from "../confusion.ts";
import { total } from "../gather.ts";
import type { Accuracy } from "../measure.ts";
import { PooledDetector, poolVerdicts, sumOfHits, sumOfTold } from "../pooled.ts";
import type { WorldScore } from "../world-score.ts";
import { errorQuantiles, errorText, number, percent, shareText, table, usd } from "./format.ts";

const LEAST_SHARE = 0.99;
const MOST_ERROR = 0.01;
const MOST_REGRET = 0.05;

/** What is aimed at, and whether it was reached: first of all what a reader must know. */
export function goals({ labelled, block, worlds }: Accuracy): string {
  const rows: string[][] = [];
  if (labelled !== undefined) {
    const { right, truth, told } = labelled;
    const wrong = told - right;
    rows.push([
      "every labelled sandwich of real Ethereum blocks, and no other",
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
  if (worlds.length > 0) rows.push(...worldGoals(worlds));
  return table(["goal", "measured", "reached"], rows);
}

function worldGoals(worlds: readonly WorldScore[]): string[][] {
  const detector = new PooledDetector(worlds);
  const hits = sumOfHits(detector.byKind.values());
  const told = sumOfTold(detector.told.values());
  const { all } = poolVerdicts(worlds);
  return [
    shareGoal("worlds: precision of sandwiches, strangers' too", told.right, told.sandwiches),
    shareGoal("worlds: recall of sandwiches, strangers' too", hits.found, hits.truth),
    ...truths.flatMap((verdict) => {
      const right = all.count(verdict, verdict);
      return [
        shareGoal(`worlds: precision of \`${verdict}\``, right, all.ofTold(verdict)),
        shareGoal(`worlds: recall of \`${verdict}\``, right, all.ofTruth(verdict)),
      ];
    }),
    ...lossGoals(worlds),
    ...feeGoals(worlds),
  ];
}

function lossGoals(worlds: readonly WorldScore[]): string[][] {
  const { errors, notReplayed } = poolVerdicts(worlds);
  const all = [...errors.values()].flat();
  const quantiles = errorQuantiles(all);
  const isSmall = quantiles !== undefined && quantiles.p95 <= MOST_ERROR;
  const missing = total(notReplayed);
  return [
    [
      `worlds: error of the loss at P95 <= ${percent(MOST_ERROR)}`,
      quantiles === undefined
        ? "no loss was replayed"
        : `${errorText(quantiles.p95)} (n = ${number(all.length)})`,
      yesNo(isSmall),
    ],
    [
      "worlds: the loss of every impacted trade is known",
      shareText(all.length, all.length + missing),
      yesNo(all.length > 0 && missing === 0),
    ],
  ];
}

function feeGoals(worlds: readonly WorldScore[]): string[][] {
  const regrets = worlds.map(({ fees }) =>
    fees.oracleUsd > 0 ? 1 - fees.advisedUsd / fees.oracleUsd : null,
  );
  const beats = worlds.map(({ fees }) => `${usd(fees.advisedUsd)} to ${usd(fees.fixedUsd)} USD`);
  return [
    [
      `worlds: regret of fee advice <= ${percent(MOST_REGRET)} of the oracle's value, in each`,
      regrets.map((regret) => (regret === null ? "no advice" : percent(regret))).join(", "),
      yesNo(regrets.every((regret) => regret !== null && regret <= MOST_REGRET)),
    ],
    [
      "worlds: fee advice is worth more than the best fixed percentile, in each",
      beats.join(", "),
      yesNo(worlds.every(({ fees }) => fees.advisedUsd > fees.fixedUsd)),
    ],
  ];
}

function shareGoal(what: string, hits: number, of: number): string[] {
  return [`${what} >= ${percent(LEAST_SHARE)}`, shareText(hits, of), reached(hits, of)];
}

/** A share of few is not known well: then it says so. */
function reached(hits: number, of: number): string {
  const interval = wilson(hits, of);
  if (interval === undefined) return "nothing to tell from";
  if (hits / of < LEAST_SHARE)
    return interval.high < LEAST_SHARE ? "**no**" : "**no**, but within the interval";
  return interval.low >= LEAST_SHARE ? "yes" : "yes, but the interval reaches below";
}

function yesNo(is: boolean): string {
  return is ? "yes" : "**no**";
}
