import { bps, lamports } from "@slipstream/conventions";
import type { FeeTrial } from "@slipstream/mev";
import { expect, test } from "vitest";
import { adviceSchema } from "../openapi/advice-schema.ts";
import { adviceOn } from "./advice.ts";
import type { JudgedTrade } from "./judged-trade.ts";

const about = { from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z", truncated: false, missing: null };

/** Trades that land the more often the more they offer; half of them urgent. */
function trades(count: number): readonly JudgedTrade[] {
  return Array.from({ length: count }, (_, i) => {
    const priorityFeeLamports = lamports(1_000 * (1 + (i % 40)));
    const landed = (i * 7) % 40 <= i % 40;
    const trial: FeeTrial = {
      pair: "SOL/USDC",
      sizeUsd: 1_000,
      urgency: i % 2 === 0 ? "high" : "low",
      protection: "none",
      priorityFeeLamports,
      tipLamports: lamports(0),
      outcome: landed ? "landed" : "expired",
      verdict: landed ? "clean" : null,
      lossRatio: null,
      valueUsd: landed ? 5 : null,
    };
    return { trial, solUsd: 150 } as JudgedTrade;
  });
}

test("trades of one urgency may be too few where those of any are enough", () => {
  const of = (urgency: string | null) =>
    adviceOn(trades(390), { pair: "SOL/USDC", sizeUsd: 1_000, urgency, slippageBps: null }, about);
  expect(of("high")).toMatchObject({
    urgency: "high",
    advice: null,
    reason: expect.stringContaining("n = 195"),
  });
  expect(of(null)).toMatchObject({ urgency: null, trades: 390, advice: { protection: "none" } });
  expect(adviceSchema.parse(of(null))).toEqual(of(null));
});

test("without a price of SOL there is no advice", () => {
  const unpriced = trades(390).map((trade) => ({ ...trade, solUsd: null }));
  expect(
    adviceOn(unpriced, { pair: "SOL/USDC", sizeUsd: 1_000, urgency: null, slippageBps: null }, about),
  ).toMatchObject({
    advice: null,
    reason: expect.stringContaining("trade.sol_usd"),
  });
});

test("a tolerance that is told counts", () => {
  const attacked = trades(1200).map((trade, i): JudgedTrade => {
    const { trial } = trade;
    if (trial === null) throw new Error("no trial");
    const isImpacted = trial.outcome === "landed" && i % 4 === 0;
    const toleranceBps = bps(i % 8 < 4 ? 50 : 400);
    const lossRatio = isImpacted ? toleranceBps / 2e4 : null;
    const told = {
      ...trial,
      toleranceBps,
      verdict: isImpacted ? ("impacted" as const) : trial.verdict,
      lossRatio,
    };
    return { ...trade, trial: told };
  });
  const lossUsd = (slippageBps: number | null) => {
    const answer = adviceOn(
      attacked,
      { pair: "SOL/USDC", sizeUsd: 1_000, urgency: null, slippageBps },
      about,
    );
    expect(answer.slippageBps).toBe(slippageBps);
    return answer.advice?.lossUsd;
  };
  expect(lossUsd(50)).toBeCloseTo(2.5, 1);
  expect(lossUsd(400)).toBeCloseTo(20, 0);
});
