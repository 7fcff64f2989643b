import { bps, lamports } from "@slipstream/conventions";
import { describe, expect, it } from "vitest";
import { FeeAdviser } from "./fee-adviser.ts";
import type { FeeTrial } from "./fee-trial.ts";
import { FeeMarket, solUsd } from "./testing/fee-market.ts";

/** Enough for advice on every pair. */
const trades = 30_000;

describe("fee advice abstains", () => {
  const query = { pair: "BONK/SOL", sizeUsd: 500, urgency: "normal", solUsd };

  it.each([0, 50, 300])("on %i trades, and reports their number", (count) => {
    const answer = new FeeAdviser(new FeeMarket(1).trials(count)).advise(query);
    expect(answer.advice).toBeNull();
    expect(answer).toMatchObject({ reason: expect.stringMatching(/not enough data \(n = \d+/) });
  });

  it("if verdicts are few, bids are similar, or the worth of landing is unknown", () => {
    const trials = new FeeMarket(2).trials(4000);
    const reason = (changed: FeeTrial[], over = {}): string => {
      const answer = new FeeAdviser(changed).advise({ ...query, protections: ["none"], ...over });
      return answer.advice === null ? answer.reason : "advised";
    };
    expect(reason(trials)).toBe("advised");
    expect(reason(trials.map((trial) => ({ ...trial, verdict: "unknown" })))).toContain("with a verdict");
    expect(reason(trials.map((trial) => ({ ...trial, priorityFeeLamports: lamports(10_000) })))).toContain(
      "bids are similar",
    );
    const worthless = trials.map((trial) => ({ ...trial, valueUsd: null }));
    expect(reason(worthless)).toContain("the worth of landing is unknown");
    expect(reason(worthless, { valueUsd: 3 })).toBe("advised");
    expect(reason(trials, { urgency: "never heard of" })).toContain("n = 0 of 200 sent");
  });

  it("if tips are known only of trades that landed, and says how many and what to do", () => {
    const trials = new FeeMarket(2).trials(4000).map((trial): FeeTrial => {
      const isKnown = trial.protection === "jito" && trial.outcome !== "expired";
      return { ...trial, offer: isKnown ? "seen" : "unnamed" };
    });
    const answer = new FeeAdviser(trials).advise(query);
    expect(answer).toMatchObject({
      advice: null,
      reason: expect.stringContaining("left out: 4,000 trades whose tip is known only if they landed"),
    });
    const landed = trials.filter(({ outcome }) => outcome !== "expired");
    const told = new FeeAdviser(landed).advise({ ...query, protections: ["none"] });
    expect(told.advice === null ? told.reason : "advised").not.toContain("left out");
  });

  it("from saying that attacks cost too much, until enough trades were sandwiched", () => {
    const trials = new FeeMarket(2).trials(6000);
    const ask = (hits: number): string => {
      let left = hits;
      const changed = trials.map((trial): FeeTrial => {
        const { pair, sizeUsd, outcome, protection } = trial;
        const isNear = pair === "BONK/SOL" && protection === "none" && sizeUsd > 300 && sizeUsd < 900;
        const isHit = isNear && outcome === "landed" && left-- > 0;
        return { ...trial, verdict: isHit ? "impacted" : "clean", lossRatio: isHit ? 0.9 : null };
      });
      const answer = new FeeAdviser(changed).advise({ ...query, protections: ["none"], valueUsd: 0.3 });
      return answer.advice === null ? answer.reason : `worth sending: ${answer.advice.isWorthSending}`;
    };
    for (const few of [1, 5, 9]) expect(ask(few)).toContain("attacks may cost more than landing is worth");
    expect(ask(40)).toBe("worth sending: false");
  });

  it("if the pair, or trades of about that size, are hardly known", () => {
    const adviser = new FeeAdviser(new FeeMarket(2).trials(4000));
    const asked = (over: object): unknown => adviser.advise({ ...query, protections: ["none"], ...over });
    expect(asked({ pair: "WEN/SOL" })).toMatchObject({ reason: expect.stringContaining("n = 0 with") });
    expect(asked({ sizeUsd: 900_000 })).toMatchObject({ reason: expect.stringContaining("900000 USD") });
    expect(asked({})).toMatchObject({ advice: { protection: "none" } });
  });

  it("if attacks may cost more than landing is worth, until more is known", () => {
    const market = new FeeMarket(6);
    const hunted = { pair: "NEW/SOL", sizeUsd: 3000, urgency: "low", solUsd, protections: ["none"] };
    const trials = market.trials(20_000);
    const few = new FeeAdviser(trials.slice(0, 2000)).advise({ ...hunted, valueUsd: 2 });
    const many = new FeeAdviser(trials).advise({ ...hunted, valueUsd: 2 });
    expect(few).toMatchObject({ advice: null, reason: expect.stringContaining("attacks may cost more") });
    expect(many.advice).not.toBeNull();
  });

  it("from bids outside the tried range", () => {
    const market = new FeeMarket(3);
    const trials = market.trials(6000).filter(({ priorityFeeLamports: fee }) => fee < 30_000);
    const { advice } = new FeeAdviser(trials).advise({ ...query, valueUsd: 1000, protections: ["none"] });
    expect(advice?.priorityFeeLamports).toBeLessThanOrEqual(30_000);
  });
});

describe("fee advice that knows the slippage tolerance", () => {
  // Attackers go for every third trade that lets them take a lot, and take most of it.
  const market = new FeeMarket(8);
  const trials = market.trials(8000).map((trial, i): FeeTrial => {
    const toleranceBps = bps(i % 2 === 0 ? 30 : 300);
    const isImpacted = trial.outcome === "landed" && toleranceBps === 300 && i % 3 === 0;
    const verdict = trial.outcome === "landed" ? (isImpacted ? "impacted" : "clean") : null;
    return { ...trial, protection: "none", toleranceBps, verdict, lossRatio: isImpacted ? 0.024 : null };
  });
  const adviser = new FeeAdviser(trials);
  const asked = { pair: "BONK/SOL", sizeUsd: 2000, urgency: "normal", solUsd, valueUsd: 2 };

  it("says how much of it attackers take", () => {
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
  it("the protection with the higher value", () => {
    const adviser = new FeeAdviser(new FeeMarket(4).trials(trades));
    const hunted = adviser.advise({ pair: "NEW/SOL", sizeUsd: 9000, urgency: "low", solUsd });
    expect(hunted.advice?.protection).toBe("jito");
    expect(hunted.advice !== null && hunted.others[0]?.protection).toBe("none");
    const calm = adviser.advise({ pair: "SOL/USDC", sizeUsd: 40, urgency: "low", solUsd });
    expect(calm.advice?.protection).toBe("none");
  });
});
