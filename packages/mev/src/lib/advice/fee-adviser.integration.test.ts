import { describe, expect, it } from "vitest";
import { FeeAdviser } from "./fee-adviser.ts";
import { bidOf, type FeeTrial } from "./fee-trial.ts";
import { FeeMarket, oracle, type Question, solUsd, trueValue } from "./testing/fee-market.ts";

/** Seeds that nothing was tuned on. */
const seeds = [77_001, 77_002, 77_003];
const trades = 30_000;
/** Questions from days that the adviser has not seen. */
const questions = 400;

function bidFor(adviser: FeeAdviser, { pair, sizeUsd, urgency, protection }: Question): number | undefined {
  const query = { pair: pair.name, sizeUsd, urgency, solUsd, protections: [protection] };
  const { advice } = adviser.advise(query);
  if (advice?.isWorthSending !== true) return undefined;
  return protection === "jito" ? advice.tipLamports : advice.priorityFeeLamports;
}

function percentileOf(trials: readonly FeeTrial[], protection: string, share: number): number {
  const kind = protection === "jito" ? "tip" : "priority_fee";
  const bids = trials.filter((trial) => trial.protection === protection).map((trial) => bidOf(trial, kind));
  return bids.sort((a, b) => a - b)[Math.floor(share * (bids.length - 1))] ?? 0;
}

describe("fee advice on held-out days", () => {
  it.each(seeds)(
    "is worth nearly as much as the oracle's, and more than the best fixed percentile (seed %i)",
    (seed) => {
      const market = new FeeMarket(seed);
      const trials = market.trials(trades);
      const adviser = new FeeAdviser(trials);
      const asked = Array.from({ length: questions }, () => market.question());
      // With a loss in sight, the trade is not sent.
      const sum = (bid: (question: Question) => number | undefined): number =>
        asked.reduce((total, question) => {
          const offered = bid(question);
          return total + (offered === undefined ? 0 : trueValue(question, offered));
        }, 0);
      const best = sum((question) => {
        const bid = oracle(question);
        return trueValue(question, bid) > 0 ? bid : undefined;
      });
      const advised = sum((question) => bidFor(adviser, question));
      const fixed = Math.max(
        ...[0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95].map((share) => {
          const bids = new Map(["none", "jito"].map((name) => [name, percentileOf(trials, name, share)]));
          return sum(({ protection }) => bids.get(protection) ?? 0);
        }),
      );
      expect(1 - advised / best).toBeLessThanOrEqual(0.05);
      expect(advised).toBeGreaterThan(fixed);
    },
  );

  it("states its expectations, and they come true", () => {
    const market = new FeeMarket(9004);
    const adviser = new FeeAdviser(market.trials(trades));
    let [expected, truth, answered] = [0, 0, 0];
    for (let i = 0; i < 200; i++) {
      const question = market.question();
      const { pair, sizeUsd, urgency, protection } = question;
      const query = { pair: pair.name, sizeUsd, urgency, solUsd, protections: [protection] };
      const { advice } = adviser.advise(query);
      if (advice === null) continue;
      answered++;
      expected += advice.expectedUsd;
      truth += trueValue(question, protection === "jito" ? advice.tipLamports : advice.priorityFeeLamports);
      expect(advice.landing.count).toBeGreaterThan(20);
      expect(advice.landing.value).toBeGreaterThan(0);
      expect(advice.landing.value).toBeLessThanOrEqual(1);
      expect(advice.evidence).toHaveLength(2);
    }
    expect(Math.abs(expected / truth - 1)).toBeLessThan(0.1);
    expect(answered).toBeGreaterThan(190);
  });
});
