import { type GapKind, gapKinds, gapTexts } from "../honesty/gaps.ts";
import { type StatisticKey, statisticKeys, statistics } from "../honesty/statistics.ts";
import type { RunOutcomes } from "../honesty/study.ts";
import { number, percent, shareText, table } from "./format.ts";

/** How often intervals held the truth, and on which side it lay where they did not. */
export interface Held {
  readonly held: number;
  readonly told: number;
  readonly below: number;
  readonly above: number;
  /** Runs in which no interval was told. */
  readonly none: number;
}

export function heldBy(runs: readonly RunOutcomes[], keys: readonly StatisticKey[]): Held {
  const counts = { held: 0, below: 0, above: 0, none: 0 };
  for (const { outcomes } of runs) for (const key of keys) counts[outcomes[key]]++;
  return { ...counts, told: counts.held + counts.below + counts.above };
}

export function honestyPart(runs: readonly RunOutcomes[]): string {
  if (runs.length === 0) return "## Are the intervals honest\nNot measured (`--runs 0`).";
  const seeds = runs.map(({ seed }) => seed);
  const [onChain, unjudged] = [sum(runs, "onChain"), sum(runs, "unjudged")];
  return `## Are the intervals honest
The statistics of [mev.md](mev.md#statistics), computed from the verdicts told, held against the truth. A run is a day of a world:
${number(runs.length)} days of worlds of seeds ${Math.min(...seeds)} to ${Math.max(...seeds)}, the three mixes above in turn, some ${number(Math.round(onChain / runs.length))} trades on the chain each. The watcher misses blocks
in four ways, in turn, so that ${percent(unjudged / onChain)} of the trades get no verdict. An interval of 95 % should hold the truth in 95 of 100
runs, and is aimed to in at least 93; one that holds it more often is wider than it need be.

- *of the run*: the truth of the run's own trades, those without a verdict included.
- *long run*: what the number comes to, in truth, over the days of its world, 20 more included.

${table(
  ["statistic", "truth", "holds the truth", "truth below", "truth above", "no interval"],
  statisticKeys.map((key) => {
    const { held, told, below, above, none } = heldBy(runs, [key]);
    const { name, truth } = statistics[key];
    const which = truth === "run" ? "of the run" : "long run";
    return [name, which, shareText(held, told), number(below), number(above), number(none)];
  }),
)}

By how the watcher misses blocks:

${table(
  ["statistic", ...gapKinds.map((gap) => gapTexts[gap])],
  statisticKeys.map((key) => [statistics[key].name, ...gapKinds.map((gap) => shortShare(runs, key, gap))]),
)}`;
}

function shortShare(runs: readonly RunOutcomes[], key: StatisticKey, gap: GapKind): string {
  const { held, told } = heldBy(
    runs.filter(({ gaps }) => gaps === gap),
    [key],
  );
  return told === 0 ? "none" : `${percent(held / told)} of ${number(told)}`;
}

function sum(runs: readonly RunOutcomes[], key: "onChain" | "unjudged"): number {
  return runs.reduce((total, run) => total + run[key], 0);
}
