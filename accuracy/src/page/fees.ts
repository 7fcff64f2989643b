import { fixedShares, type Regret } from "../fees/regret-tally.ts";
import type { WorldScore } from "../scores/world-score.ts";
import { number, percent, table, usd } from "./format.ts";

export function feePart(worlds: readonly WorldScore[]): string {
  return `## Fee advice in the worlds
\`FeeAdviser\` learns from the first two thirds of a world's days, from what the desk knows: its bids, tolerances and books, and the
verdicts above. It is then asked about trades of the last third, with the desk's protection. It is given pair, size, urgency,
protection and SOL price, but not pool, tolerance, hour and congestion. The value of a bid is the mean of its
[expected value](mev-world.md#truth) over the situations that the trade may be in: pool, tolerance, hour and congestion of the 64
trades of the pair closest in size, over the days asked about. A trade that is not sent is worth 0.

- **Oracle**: the best bid, or none, by the same mean. It is given no more than the adviser, but knows the market's true odds and
  how often each situation occurs. So no regret is below 0.
- **Regret**: 1 - advised / oracle, over the answered questions. **Left**: what the oracle would have earned with the others.
- **Best fixed percentile**: the best of P${fixedShares.map((share) => share * 100).join(", P")} of the bids learned from, by
  protection, known only afterwards. It sends every trade. **Sieved**: the same, but leaving out, with hindsight, each trade
  that would lose.
- **In their own situations**: the value of advice and oracle in each trade's actual situation. The mean is the same, but a few
  large trades dominate it.
- **Seer**: the best bid given the actual situation, which nobody can know.

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

### With the slippage tolerance given
Given to both adviser and oracle. The situations then differ only in pool, hour and congestion.

${table(
  ["seed", ...answered],
  worlds.map(({ world, fees }) => [String(world.options.seed), ...answersOf(fees.withTolerance)]),
)}

### With little data
The same questions without the tolerance, after learning from only this many trades, the last ones before the questions.

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
