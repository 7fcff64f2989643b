import { type GapKind, gapKinds, gapTexts } from "../honesty/gaps.ts";
import { type SignOutcome, shortRuns } from "../honesty/signs.ts";
import { type StatisticKey, statisticKeys, statistics } from "../honesty/statistics.ts";
import type { RunOutcomes } from "../honesty/study.ts";
import { number, percent, shareText, table } from "./format.ts";

/** How often intervals contained the truth, and on which side it was if they did not. */
export interface Held {
  readonly held: number;
  readonly told: number;
  readonly below: number;
  readonly above: number;
  /** Runs without an interval. */
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
The statistics of [mev.md](mev.md#statistics), computed from the reported verdicts, compared with the truth. A run is a day of a
world: ${number(runs.length)} days of worlds with seeds ${Math.min(...seeds)} to ${Math.max(...seeds)}, with the three mixes above in turn, a quarter of their noise, and about ${number(Math.round(onChain / runs.length))} trades on the
chain each. The watcher misses blocks in four ways, in turn, so that ${percent(unjudged / onChain)} of the trades get no verdict. A 95 % interval should
contain the truth in 95 of 100 runs; the goal is at least 93. An interval that contains it more often is wider than necessary.

- *of the run*: the truth over the run's own trades, including those without a verdict.
- *long run*: the true value over the days of its world, plus 20 more.

${table(
  ["statistic", "truth", "contains the truth", "truth below", "truth above", "no interval"],
  statisticKeys.map((key) => {
    const { held, told, below, above, none } = heldBy(runs, [key]);
    const { name, truth } = statistics[key];
    const which = truth === "run" ? "of the run" : "long run";
    return [name, which, shareText(held, told), number(below), number(above), number(none)];
  }),
)}

By the way the watcher misses blocks:

${table(
  ["statistic", ...gapKinds.map((gap) => gapTexts[gap])],
  statisticKeys.map((key) => [statistics[key].name, ...gapKinds.map((gap) => shortShare(runs, key, gap))]),
)}

${signPart(runs)}`;
}

/** Of the reports after short runs: whether something pays off. */
export function signsOf(runs: readonly RunOutcomes[]): readonly SignOutcome[] {
  return runs.flatMap(({ signs }) => signs);
}

function signPart(runs: readonly RunOutcomes[]): string {
  const signs = signsOf(runs);
  const whats = [...new Set(signs.map(({ what }) => what))];
  return `### Is the sign right after few trades
Reports ask whether higher fees (\`feeReturn\`) and each protection (\`protectionValues\`) pay off. Each day above is asked after its first
${shortRuns.map(number).join(", ")} trades, as a desk does that has just begun. A sign is reported if the interval does not contain 0. At most 2.5 %
of the runs may have a wrong one.

${table(
  [
    "trades",
    "what",
    "runs",
    "too few to say",
    "the interval contains 0",
    "right sign",
    "wrong sign",
    "the interval contains the truth",
  ],
  shortRuns.flatMap((trades) =>
    whats.map((what) => {
      const own = signs.filter((sign) => sign.trades === trades && sign.what === what);
      const count = (outcome: SignOutcome["outcome"]): number =>
        own.filter((sign) => sign.outcome === outcome).length;
      const told = own.filter(({ held }) => held !== null);
      return [
        number(trades),
        what,
        number(own.length),
        number(count("none")),
        number(count("open")),
        number(count("right")),
        shareText(count("wrong"), own.length),
        shareText(told.filter(({ held }) => held === true).length, told.length),
      ];
    }),
  ),
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
