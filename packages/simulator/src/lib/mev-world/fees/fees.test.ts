import { describe, expect, test } from "vitest";
import { Random } from "../../random.ts";
import { openMevWorld } from "../world.ts";
import { expectedValue, type FeeContext } from "./expected-value.ts";
import { landingPerSlot } from "./landing.ts";
import { bestBid } from "./oracle.ts";
import { haste } from "./urgency.ts";

const context: FeeContext = {
  sizeUsd: 2500,
  urgency: "normal",
  protection: "none",
  solUsd: 150,
  congestion: [
    { level: -0.3, weight: 0.5 },
    { level: 0.6, weight: 0.5 },
  ],
  threat: {
    perSlot: [
      { chance: 0.2, weight: 0.1 },
      { chance: 0.05, weight: 0.9 },
    ],
    lossRatio: 0.01,
  },
};

/** Sends many trades, one slot after the other. */
function simulate(bid: number, trades: number): { usd: number; landing: number; attack: number } {
  const random = new Random("fees");
  const { deadlineSlots, edgeBps, keptPerSlot } = haste[context.urgency];
  let [usd, landed, attacked] = [0, 0, 0];
  for (let trade = 0; trade < trades; trade++) {
    const level = random.chance(0.5) ? -0.3 : 0.6;
    const chance = random.chance(0.1) ? 0.2 : 0.05;
    let worth = (context.sizeUsd * edgeBps) / 1e4;
    let seen = false;
    for (let slot = 1; slot <= deadlineSlots; slot++, worth *= keptPerSlot) {
      seen ||= random.chance(chance);
      if (!random.chance(landingPerSlot("none", bid, level))) continue;
      landed++;
      if (seen) attacked++;
      usd += worth - (seen ? 0.01 * context.sizeUsd : 0) - ((bid + 5000) / 1e9) * context.solUsd;
      break;
    }
  }
  return { usd: usd / trades, landing: landed / trades, attack: attacked / landed };
}

describe("the fee market", () => {
  test("higher bids land sooner, congestion costs, and a bundle below Jito's minimum tip never lands", () => {
    const bids = [0, 100, 10_000, 1_000_000];
    for (const protection of ["none", "private_rpc", "jito"] as const) {
      const chances = bids.map((bid) => landingPerSlot(protection, bid, 0));
      expect([...chances].sort((a, b) => a - b)).toEqual(chances);
      expect(landingPerSlot(protection, 10_000, 1)).toBeLessThan(landingPerSlot(protection, 10_000, 0));
    }
    expect(landingPerSlot("jito", 999, 0)).toBe(0);
  });

  test("the expected value is the mean of many trades", () => {
    for (const bid of [500, 20_000]) {
      const [told, seen] = [expectedValue(context, bid), simulate(bid, 200_000)];
      expect(Math.abs(told.landing - seen.landing)).toBeLessThan(0.006);
      expect(Math.abs(told.attack - seen.attack)).toBeLessThan(0.006);
      // A trade's value varies by about 8 USD; this is four standard errors.
      expect(Math.abs(told.usd - seen.usd)).toBeLessThan(0.07);
    }
  });

  test("no bid has a higher value than the oracle's", () => {
    const world = openMevWorld();
    for (const sizeUsd of [20, 400, 9000]) {
      for (const urgency of ["low", "normal", "high"] as const) {
        for (const protection of ["none", "jito"] as const) {
          const asked = world.feeContext({ pair: "WIF/SOL", sizeUsd, urgency, protection, hour: 15 });
          const best = bestBid(asked);
          for (let exponent = 0; exponent < 8; exponent += 0.05) {
            const { usd } = expectedValue(asked, 10 ** exponent);
            expect(usd).toBeLessThanOrEqual(best.usd + 1e-4 * Math.abs(best.usd) + 1e-9);
          }
        }
      }
    }
  });

  test("trades land as often as the market says, and the truth contains the oracle's value", () => {
    let [landed, told, count, regret] = [0, 0, 0, 0];
    for (const { truths } of openMevWorld({ trades: 8000, days: 2, attackRate: 0, noise: 0 }).slots()) {
      for (const { status, expected, oracle } of truths) {
        count++;
        landed += status === "lost" ? 0 : 1;
        told += expected.landing;
        regret += oracle.usd - expected.usd;
        expect(oracle.usd).toBeGreaterThanOrEqual(expected.usd - 1e-4 * Math.abs(expected.usd) - 1e-9);
      }
    }
    expect(Math.abs(landed - told)).toBeLessThan(4 * Math.sqrt(count * 0.25));
    expect(regret).toBeGreaterThan(0);
  });
});
