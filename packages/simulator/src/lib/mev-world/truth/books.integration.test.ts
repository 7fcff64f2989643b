import { describe, expect, test } from "vitest";
import { costlyShare, defaultMix } from "../attackers/kinds.ts";
import { haste } from "../fees/urgency.ts";
import { openMevWorld } from "../world.ts";

const BASE_FEE_LAMPORTS = 5000;

describe("the market's expected value of trades", () => {
  test("matches the desk's books, whatever the tolerances let revert", () => {
    const world = openMevWorld({ seed: 31, trades: 8000, days: 1, attackRate: 0 });
    const booked = new Map<string, Readonly<Record<string, unknown>>>();
    const more: number[] = [];
    for (const { trades, truths } of world.slots()) {
      for (const { attributes } of trades) booked.set(String(attributes["trade.id"]), attributes);
      for (const { id, status, tries, urgency, sizeUsd, priorityFeeLamports, tipLamports } of truths) {
        if (status !== "landed") continue;
        const { edgeBps, keptPerSlot } = haste[urgency];
        const lamports = BASE_FEE_LAMPORTS + priorityFeeLamports + tipLamports;
        const costUsd = (lamports / 1e9) * Number(booked.get(id)?.["trade.sol_usd"]);
        const worthUsd = Number(booked.get(id)?.["trade.pnl_usd"]) + costUsd;
        more.push((worthUsd / sizeUsd) * 1e4 - edgeBps * keptPerSlot ** ((tries ?? 1) - 1));
      }
    }
    const mean = more.reduce((sum, bps) => sum + bps, 0) / more.length;
    const variance = more.reduce((sum, bps) => sum + (bps - mean) ** 2, 0) / more.length;
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(variance / more.length));
    expect(4 * Math.sqrt(variance / more.length)).toBeLessThan(0.6);
  });

  test("accounts for attackers who fail", () => {
    const attackers = { classic: 1, failing: 2 };
    const world = openMevWorld({ seed: 32, trades: 15_000, days: 1.5, attackRate: 0.06, attackers });
    let [lost, feared] = [0, 0];
    for (const { truths } of world.slots()) {
      for (const truth of truths) {
        const { sizeUsd, urgency, protection, toleranceBps, congestion, pair, pool, expected } = truth;
        const asked = { pair, pool, sizeUsd, urgency, protection, toleranceBps, congestion };
        lost += truth.lossRatio;
        feared += expected.landing * expected.attack * world.feeContext(asked).threat.lossRatio;
      }
    }
    // Some find another attack in their pool, or a price at which theirs would not pay off.
    expect(lost / feared).toBeGreaterThan(0.8);
    expect(lost / feared).toBeLessThan(1.15);
  });

  test("counts failed attacks as failed", () => {
    expect(costlyShare({ classic: 1 })).toBe(1);
    expect(costlyShare({ failing: 1 })).toBeCloseTo(0.38);
    expect(costlyShare({ classic: 2, failing: 1 })).toBeCloseTo(1 - 0.62 / 3);
    expect(costlyShare(defaultMix)).toBeGreaterThan(0.9);
    expect(costlyShare({})).toBe(0);
  });
});
