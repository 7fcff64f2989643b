import { fixedShares, type Regret } from "../regret-tally.ts";
import type { WorldScore } from "../world-score.ts";
import { number, percent, table, usd } from "./format.ts";

export function feePart(worlds: readonly WorldScore[]): string {
  return `## Fee advice in the worlds
\`FeeAdviser\` learns from the first two thirds of a world's days (what the desk knows: its bids, tolerances and books, the verdicts told
above) and is asked about trades of the last third, with the desk's protection: pair, size, urgency, protection and price of SOL.
It is not told pool, tolerance, hour and congestion. A bid is worth the mean of its
[expected value](mev-world.md#truth) over the situations that the trade may be in: pool, tolerance, hour and congestion of the 64 trades of
the pair nearest in size, of the days asked about. What is not sent by who decides is worth 0.

- **Oracle**: the best bid, or none, by that very mean: it is told no more than the advice, but knows the market's true odds, and how often
  each situation comes. So no regret is below 0.
- **Regret**: 1 - advised / oracle, of the questions that were answered. **Left**: what the oracle would have made of the others.
- **Best fixed percentile**: of the bids learned from, by protection, the best of P${fixedShares.map((share) => share * 100).join(", P")}, known
  only afterwards; it sends all. **Sieved**: the same by who leaves out, knowing it, each trade that would lose.
- **In their own situations**: advice and oracle by the value in the situation that each trade truly was in: the same in the mean, but
  some large trades settle it.
- **Seer**: the best bid for who knows that situation: nobody can have that.

${table(
  ["seed", "learned from", ...answered, "best fixed percentile, USD", "sieved, USD", "as the desk did, USD"],
  worlds.map(({ world, fees }) => [
    String(world.options.seed),
    number(fees.trials),
    ...answersOf(fees),
    `${usd(fees.fixedUsd)} (P${fees.fixedShare * 100})`,
    usd(fees.sievedUsd),
    usd(fees.deskUsd),
  ]),
)}

In their own situations:

${table(
  ["seed", "advised, USD", "oracle, USD", "regret", "seer, USD", "regret to the seer"],
  worlds.map(({ world, fees }) => [
    String(world.options.seed),
    usd(fees.ownAdvisedUsd),
    usd(fees.ownOracleUsd),
    regretText(fees.ownAdvisedUsd, fees.ownOracleUsd),
    usd(fees.seerUsd),
    regretText(fees.ownAdvisedUsd, fees.seerUsd),
  ]),
)}

### With the slippage tolerance told
To advice and oracle both; the situations differ in pool, hour and congestion only.

${table(
  ["seed", ...answered],
  worlds.map(({ world, fees }) => [String(world.options.seed), ...answersOf(fees.withTolerance)]),
)}

### Where data are thin
The same questions without the tolerance, where only so many trades were learned from, the last before them.

${table(
  ["seed", "learned from", ...answered],
  worlds.flatMap(({ world, fees }) =>
    fees.few.map((few) => [String(world.options.seed), number(few.trials), ...answersOf(few)]),
  ),
)}`;
}

const answered = ["asked", "abstained", "left, USD", "advised, USD", "oracle, USD", "regret"];

function answersOf(regret: Regret): string[] {
  const { asked, abstained, leftUsd, advisedUsd, oracleUsd } = regret;
  const share = asked === 0 ? "" : ` (${percent(abstained / asked)})`;
  return [
    number(asked),
    `${number(abstained)}${share}`,
    usd(leftUsd),
    usd(advisedUsd),
    usd(oracleUsd),
    regretText(advisedUsd, oracleUsd),
  ];
}

function regretText(usdAdvised: number, usdBest: number): string {
  return usdBest > 0 ? percent(1 - usdAdvised / usdBest) : "none";
}
