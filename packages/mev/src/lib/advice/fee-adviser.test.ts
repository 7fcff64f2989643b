import { bps, lamports } from "@slipstream/conventions";
import { describe, expect, it } from "vitest";
import { FeeAdviser } from "./fee-adviser.ts";
import { bidOf, type FeeTrial } from "./fee-trial.ts";
import { FeeMarket, oracle, type Question, solUsd, trueValue } from "./testing/fee-market.ts";

/** Seeds that nothing was tuned on. */
const seeds = [77_001, 77_002, 77_003];
const trades = 30_000;
/** Questions of days that the advice has not seen. */
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
      // Who sees that a trade would lose does not send it.
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

  it("tells what it expects, and that is what comes", () => {
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

describe("fee advice abstains", () => {
  const query = { pair: "BONK/SOL", sizeUsd: 500, urgency: "normal", solUsd };

  it.each([0, 50, 300])("on %i trades, with their number", (count) => {
    const answer = new FeeAdviser(new FeeMarket(1).trials(count)).advise(query);
    expect(answer.advice).toBeNull();
    expect(answer).toMatchObject({ reason: expect.stringMatching(/not enough data \(n = \d+/) });
  });

  it("where verdicts are few, bids are alike, or landing has no known worth", () => {
    const trials = new FeeMarket(2).trials(4000);
    const reason = (changed: FeeTrial[], over = {}): string => {
      const answer = new FeeAdviser(changed).advise({ ...query, protections: ["none"], ...over });
      return answer.advice === null ? answer.reason : "advised";
    };
    expect(reason(trials)).toBe("advised");
    expect(reason(trials.map((trial) => ({ ...trial, verdict: "unknown" })))).toContain("with a verdict");
    expect(reason(trials.map((trial) => ({ ...trial, priorityFeeLamports: lamports(10_000) })))).toContain(
      "bids are alike",
    );
    const worthless = trials.map((trial) => ({ ...trial, valueUsd: null }));
    expect(reason(worthless)).toContain("what landing is worth is not known");
    expect(reason(worthless, { valueUsd: 3 })).toBe("advised");
    expect(reason(trials, { urgency: "never heard of" })).toContain("n = 0 sent");
  });

  it("where the pair, or trades of about that size, are hardly known", () => {
    const adviser = new FeeAdviser(new FeeMarket(2).trials(4000));
    const asked = (over: object): unknown => adviser.advise({ ...query, protections: ["none"], ...over });
    expect(asked({ pair: "WEN/SOL" })).toMatchObject({ reason: expect.stringContaining("n = 0 with") });
    expect(asked({ sizeUsd: 900_000 })).toMatchObject({ reason: expect.stringContaining("900000 USD") });
    expect(asked({})).toMatchObject({ advice: { protection: "none" } });
  });

  it("where attacks may as well cost more than landing is worth, until it is known", () => {
    const market = new FeeMarket(6);
    const hunted = { pair: "NEW/SOL", sizeUsd: 3000, urgency: "low", solUsd, protections: ["none"] };
    const trials = market.trials(20_000);
    const few = new FeeAdviser(trials.slice(0, 2000)).advise({ ...hunted, valueUsd: 2 });
    const many = new FeeAdviser(trials).advise({ ...hunted, valueUsd: 2 });
    expect(few).toMatchObject({ advice: null, reason: expect.stringContaining("may or may not cost more") });
    expect(many.advice).not.toBeNull();
  });

  it("from bids beyond those that were tried", () => {
    const market = new FeeMarket(3);
    const trials = market.trials(6000).filter(({ priorityFeeLamports: fee }) => fee < 30_000);
    const { advice } = new FeeAdviser(trials).advise({ ...query, valueUsd: 1000, protections: ["none"] });
    expect(advice?.priorityFeeLamports).toBeLessThanOrEqual(30_000);
  });
});

describe("fee advice told the slippage tolerance", () => {
  // Attackers go after every third trade that lets them take a lot, and take most of it.
  const market = new FeeMarket(8);
  const trials = market.trials(8000).map((trial, i): FeeTrial => {
    const toleranceBps = bps(i % 2 === 0 ? 30 : 300);
    const isImpacted = trial.outcome === "landed" && toleranceBps === 300 && i % 3 === 0;
    const verdict = trial.outcome === "landed" ? (isImpacted ? "impacted" : "clean") : null;
    return { ...trial, protection: "none", toleranceBps, verdict, lossRatio: isImpacted ? 0.024 : null };
  });
  const adviser = new FeeAdviser(trials);
  const asked = { pair: "BONK/SOL", sizeUsd: 2000, urgency: "normal", solUsd, valueUsd: 2 };

  it("says what attackers take of it", () => {
    const [tight, usual, wide] = [bps(30), undefined, bps(300)].map(
      (toleranceBps) => adviser.advise({ ...asked, toleranceBps }).advice,
    );
    expect(tight?.isWorthSending).toBe(true);
    expect(tight?.attack.value).toBeLessThan(0.02);
    expect(wide?.isWorthSending).toBe(false);
    expect(wide?.attack.value).toBeGreaterThan(0.25);
    expect((wide?.lossUsd ?? 0) / 2000).toBeCloseTo(0.024, 3);
    expect(usual?.attack.value).toBeGreaterThan(0.12);
    expect(usual?.attack.value).toBeLessThan(0.22);
  });
});

describe("fee advice chooses", () => {
  it("the protection that is worth more", () => {
    const adviser = new FeeAdviser(new FeeMarket(4).trials(trades));
    const hunted = adviser.advise({ pair: "NEW/SOL", sizeUsd: 9000, urgency: "low", solUsd });
    expect(hunted.advice?.protection).toBe("jito");
    expect(hunted.advice !== null && hunted.others[0]?.protection).toBe("none");
    const calm = adviser.advise({ pair: "SOL/USDC", sizeUsd: 40, urgency: "low", solUsd });
    expect(calm.advice?.protection).toBe("none");
  });
});
