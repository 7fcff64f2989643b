import type { FeeTrial } from "@slipstream/mev";
import { expect, test } from "vitest";
import { adviceOn } from "./advice.ts";
import type { JudgedTrade } from "./judged-trade.ts";

const about = { from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z", truncated: false };

/** Trades that land the more often the more they offer; half of them urgent. */
function trades(count: number): readonly JudgedTrade[] {
  return Array.from({ length: count }, (_, i) => {
    const priorityFeeLamports = 1_000 * (1 + (i % 40));
    const landed = (i * 7) % 40 <= i % 40;
    const trial: FeeTrial = {
      pair: "SOL/USDC",
      sizeUsd: 1_000,
      urgency: i % 2 === 0 ? "high" : "low",
      protection: "none",
      priorityFeeLamports,
      tipLamports: 0,
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
    adviceOn(trades(390), { pair: "SOL/USDC", sizeUsd: 1_000, urgency }, about);
  expect(of("high")).toMatchObject({
    urgency: "high",
    advice: null,
    reason: expect.stringContaining("n = 195"),
  });
  expect(of(null)).toMatchObject({ urgency: null, trades: 390, advice: { protection: "none" } });
});

test("without a price of SOL there is no advice", () => {
  const unpriced = trades(390).map((trade) => ({ ...trade, solUsd: null }));
  expect(adviceOn(unpriced, { pair: "SOL/USDC", sizeUsd: 1_000, urgency: null }, about)).toMatchObject({
    advice: null,
    reason: expect.stringContaining("trade.sol_usd"),
  });
});
