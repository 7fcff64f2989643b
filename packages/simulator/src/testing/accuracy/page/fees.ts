import { fixedShares } from "../fee-regret.ts";
import type { WorldScore } from "../world-score.ts";
import { number, percent, table, usd } from "./format.ts";

export function feePart(worlds: readonly WorldScore[]): string {
  return `## Fee advice in the worlds
\`FeeAdviser\` learns from the first two thirds of a world's days (what the desk knows: its bids, its books, the verdicts told above) and
is asked about trades of the last third, with the desk's protection. A bid is worth its exact [expected value](mev-world.md#truth) in the trade's
actual pool, tolerance, hour and congestion. What is not worth sending by who decides is worth 0.

- **Oracle**: the best bid by the market's true odds for who is told what the advice is told (pair, size, urgency, protection, price of SOL).
  Pool, tolerance, hour and congestion are to it what they were for the 32 earlier trades of the same kind nearest in size.
- **Regret**: 1 - advised / oracle.
- **Best fixed percentile**: of the bids learned from, by protection, the best of P${fixedShares.map((share) => share * 100).join(", P")}, known
  only afterwards; it sends all. **Sieved**: the same by who leaves out, knowing it, each trade that would lose.
- **Seer**: the best bid with pool, tolerance, hour and congestion known as well: nobody can have that.

${table(
  [
    "seed",
    "learned from",
    "asked",
    "abstained",
    "advised, USD",
    "oracle, USD",
    "regret",
    "best fixed percentile, USD",
    "sieved, USD",
    "as the desk did, USD",
    "seer, USD",
    "regret to the seer",
  ],
  worlds.map(({ world, fees }) => [
    String(world.options.seed),
    number(fees.trials),
    number(fees.asked),
    number(fees.abstained),
    usd(fees.advisedUsd),
    usd(fees.oracleUsd),
    regretText(fees.advisedUsd, fees.oracleUsd),
    `${usd(fees.fixedUsd)} (P${fees.fixedShare * 100})`,
    usd(fees.sievedUsd),
    usd(fees.deskUsd),
    usd(fees.seerUsd),
    regretText(fees.advisedUsd, fees.seerUsd),
  ]),
)}`;
}

function regretText(usdAdvised: number, usdBest: number): string {
  return usdBest > 0 ? percent(1 - usdAdvised / usdBest) : "none";
}
