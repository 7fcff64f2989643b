import { describe, expect, test } from "vitest";

import { type Decision, decisions } from "./decisions.ts";
import { Market } from "./market.ts";
import { minimumOut } from "./minimum-out.ts";
import { pairs } from "./tokens.ts";
import { CalmWeather, usual } from "./weather.ts";

function take(seed: number, rate: number, count: number): Decision[] {
  const source = decisions(seed, rate);
  return Array.from({ length: count }, () => source.next().value);
}

test("the minimum is the quote less the tolerance, rounded down", () => {
  expect(minimumOut(1_000_001n, 50)).toBe(995_000n);
});

describe("Market", () => {
  test("the seed and the time determine prices, regardless of earlier calls", () => {
    const one = new Market(7);
    const other = new Market(7);
    for (let ms = 0; ms < 90_000; ms += 70) one.price(pairs[0], ms);
    for (const pair of pairs) {
      expect(other.price(pair, 60_000)).toBe(one.price(pair, 60_000));
      expect(other.price(pair, 45_000)).toBe(one.price(pair, 45_000));
    }
    expect(new Market(8).price(pairs[0], 60_000)).not.toBe(one.price(pairs[0], 60_000));
  });

  test("prices move, and stay plausible over a day", () => {
    const market = new Market(3);
    const seen = new Set<number>();
    for (let hour = 1; hour <= 24; hour++) {
      for (const pair of pairs) {
        const price = market.price(pair, hour * 3_600_000);
        seen.add(price);
        expect(Math.abs(Math.log(price / pair.startPrice))).toBeLessThan(0.5);
      }
    }
    expect(seen.size).toBe(24 * pairs.length);
  });
});

describe("decisions", () => {
  test("the seed determines them; the rate only their gaps", () => {
    expect(take(4, 2, 200)).toEqual(take(4, 2, 200));
    expect(take(4, 2, 200)).not.toEqual(take(5, 2, 200));
    const slow = take(4, 1, 200);
    const fast = take(4, 10, 200);
    expect(fast.map((decision) => ({ ...decision, gapMs: 0 }))).toEqual(
      slow.map((decision) => ({ ...decision, gapMs: 0 })),
    );
    const total = (list: Decision[]): number => list.reduce((sum, { gapMs }) => sum + gapMs, 0);
    expect(total(slow) / total(fast)).toBeCloseTo(10, 6);
  });

  test("sizes are whole cents; tips are at least Jito's minimum, and only paid with its protection", () => {
    for (const decision of take(1, 5, 2000)) {
      expect(Math.round(decision.sizeUsd * 100) / 100).toBe(decision.sizeUsd);
      if (decision.protection === "jito") expect(decision.jitoTipLamports).toBeGreaterThanOrEqual(1000);
      else expect(decision.jitoTipLamports).toBe(0);
    }
  });
});

describe("CalmWeather", () => {
  test("is mostly calm; the node is slow after 25 s and fails after 55 s", () => {
    for (const seed of [1, 2, 3, 42]) {
      const weather = new CalmWeather(seed);
      let calm = 0;
      let slowSecond: number | undefined;
      let failingSecond: number | undefined;
      const total = 3000;
      for (let second = 0; second < total; second++) {
        const node = weather.at("node", second * 1000);
        const others = [weather.at("jupiter", second * 1000), weather.at("store", second * 1000)];
        if (node.latencyFactor > 5) slowSecond ??= second;
        if (node.failureRate > 0.5) failingSecond ??= second;
        if (second > 65 && second < 115) expect([node, ...others]).toEqual([usual, usual, usual]);
        if ([node, ...others].every((conditions) => conditions === usual)) calm++;
      }
      expect(Math.abs((slowSecond ?? 0) - 25)).toBeLessThanOrEqual(2);
      expect(Math.abs((failingSecond ?? 0) - 55)).toBeLessThanOrEqual(2);
      expect(calm / total).toBeGreaterThan(0.65);
    }
  });
});
