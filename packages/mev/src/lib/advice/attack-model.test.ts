import { lamports } from "@slipstream/conventions";
import { seededRandom } from "@slipstream/stats";
import { describe, expect, it } from "vitest";
import { AttackModel } from "./attack-model.ts";
import type { FeeTrial } from "./fee-trial.ts";

/** Pools of different depth. Trades below a threshold are never attacked, some of those above are. */
const thresholds = { deep: 10_000, middle: 1000, shallow: 100 } as const;
const names = ["deep", "middle", "shallow"] as const;
const rates = { none: 0.2, private_rpc: 0.02 } as const;

function trials(count: number, seed: number, weights: readonly number[] = [1, 1, 1]): FeeTrial[] {
  const random = seededRandom(seed);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const draw = (): (typeof names)[number] => {
    let rest = random() * total;
    for (const [i, name] of names.entries()) {
      rest -= weights[i] ?? 0;
      if (rest < 0) return name;
    }
    return "deep";
  };
  return Array.from({ length: count }, () => {
    const pair = draw();
    const sizeUsd = 5 * Math.exp(9.2 * random());
    const protection = random() < 0.3 ? "private_rpc" : "none";
    const isImpacted = sizeUsd > thresholds[pair] && random() < rates[protection];
    return {
      pair,
      sizeUsd,
      urgency: "normal",
      protection,
      priorityFeeLamports: lamports(1000),
      tipLamports: lamports(0),
      outcome: "landed",
      verdict: isImpacted ? "impacted" : "clean",
      lossRatio: isImpacted ? 0.01 : null,
      valueUsd: 1,
    };
  });
}

describe("the rate of sandwiches by size", () => {
  it("finds each pair's threshold, the level above it, and the effect of protection", () => {
    const model = new AttackModel(trials(30_000, 5));
    for (const pair of names) {
      for (const protection of ["none", "private_rpc"] as const) {
        const at = (times: number): number =>
          model.rateOf({ pair, sizeUsd: times * thresholds[pair], urgency: "normal", protection });
        expect(at(0.4)).toBeLessThan(0.05 * rates[protection]);
        expect(at(2) / rates[protection]).toBeGreaterThan(0.7);
        expect(at(2) / rates[protection]).toBeLessThan(1.4);
      }
    }
  });

  it("never falls with size", () => {
    const model = new AttackModel(trials(3000, 6));
    const rate = (x: number): number =>
      model.rateOf({ pair: "middle", sizeUsd: Math.exp(x), urgency: "normal", protection: "none" });
    for (let x = 0; x < 14; x += 0.05) expect(rate(x + 0.05)).toBeGreaterThanOrEqual(rate(x));
  });

  it("follows the shape of the others for a pair with few trades", () => {
    // About 100 trades of the pair, 60 of them above its threshold: a dozen attacks or fewer.
    const model = new AttackModel(trials(10_000, 7, [1, 1, 0.02]));
    const rate = (sizeUsd: number): number =>
      model.rateOf({ pair: "shallow", sizeUsd, urgency: "normal", protection: "none" });
    expect(rate(20)).toBeLessThan(0.03);
    expect(rate(1500)).toBeGreaterThan(0.08);
    expect(rate(1500)).toBeLessThan(0.35);
  });

  it("is less certain the fewer trades there are near the size", () => {
    const exposed = { pair: "middle", sizeUsd: 3000, urgency: "normal", protection: "none" };
    const [few, many] = [1000, 16_000].map((count) => new AttackModel(trials(count, 8)));
    const ratio = (few?.deviationOf(exposed) ?? 0) / (many?.deviationOf(exposed) ?? 1);
    // In proportion to the square root of their number.
    expect(ratio).toBeGreaterThan(2.5);
    expect(ratio).toBeLessThan(6.5);
    expect(many?.tradesNear(exposed)).toBeGreaterThan(10 * (few?.tradesNear(exposed) ?? 0));
    expect(many?.tradesNear({ ...exposed, pair: "never traded" })).toBe(0);
  });
});
