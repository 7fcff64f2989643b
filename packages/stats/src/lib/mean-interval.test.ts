import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { combinedInterval, ratioInterval } from "./combined-interval.ts";
import { meanInterval } from "./mean-interval.ts";
import { normalQuantile } from "./normal-quantile.ts";
import { poissonInterval } from "./poisson-interval.ts";
import { seededRandom } from "./seeded-random.ts";

const random = seededRandom(91);
const lognormal =
  (sigma: number): (() => number) =>
  () =>
    Math.exp(sigma * normalQuantile(random()));

/** Share of samples whose interval contains the mean. */
function held(draw: () => number, mean: number, count: number): number {
  const runs = 200;
  let hits = 0;
  for (let run = 0; run < runs; run++) {
    const interval = meanInterval(Array.from({ length: count }, draw), { rounds: 300, seed: run });
    if (interval !== undefined && interval.low <= mean && mean <= interval.high) hits++;
  }
  return hits / runs;
}

describe("the interval of a mean", () => {
  it.each([
    ["lognormal, sigma 1", lognormal(1), Math.exp(0.5)],
    ["lognormal, sigma 2", lognormal(2), Math.exp(2)],
    ["exponential", () => -Math.log(1 - random()), 1],
    ["uniform", () => random(), 0.5],
  ])("contains the mean of few values as often as claimed: %s", (_name, draw, mean) => {
    for (const count of [10, 30]) expect(held(draw, mean, count)).toBeGreaterThanOrEqual(0.93);
  });

  it("contains the values' own mean, and is unknown for few or equal values", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 10, maxLength: 40 }),
        (values) => {
          const interval = meanInterval(values, { rounds: 200 });
          const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
          if (interval !== undefined) {
            expect(interval.low).toBeLessThanOrEqual(mean * (1 + 1e-9));
            expect(interval.high).toBeGreaterThanOrEqual(mean * (1 - 1e-9));
          }
        },
      ),
      { numRuns: 50 },
    );
    expect(meanInterval([1, 2, 3, 4, 5, 6, 7, 8, 9])).toBeUndefined();
    expect(meanInterval(Array.from({ length: 20 }, () => 3))).toBeUndefined();
  });
});

describe("the interval of an expected number of events", () => {
  it("is the exact one to within 1 %", () => {
    // Garwood's, from tables of the chi-square distribution.
    for (const [count, low, high] of [
      [0, 0, 3.689],
      [1, 0.0253, 5.572],
      [5, 1.623, 11.668],
      [20, 12.217, 30.888],
    ] as const) {
      const interval = poissonInterval(count);
      expect(interval.high / high).toBeCloseTo(1, 1.9);
      expect(interval.low).toBeCloseTo(low, 1.6);
    }
    expect(() => poissonInterval(-1)).toThrow(RangeError);
  });
});

describe("combined intervals", () => {
  it("of a sum and a difference keep both sides apart", () => {
    const a = { value: 10, low: 7, high: 30 };
    const b = { value: 5, low: 1, high: 5 };
    expect(
      combinedInterval([
        [1, a],
        [1, b],
      ]),
    ).toEqual({ value: 15, low: 10, high: 35 });
    expect(
      combinedInterval([
        [1, a],
        [-1, b],
      ]),
    ).toEqual({ value: 5, low: 2, high: expect.closeTo(5 + Math.sqrt(20 ** 2 + 4 ** 2), 9) });
  });

  it("of a ratio hold what Fieller's theorem says", () => {
    const exact = (value: number, half: number) => ({ value, low: value - half, high: value + half });
    const { low, high } = ratioInterval(exact(10, 2), exact(5, 1)) ?? { low: 0, high: 0 };
    // (10 - r x 5)^2 = 2^2 + r^2 x 1^2
    for (const end of [low, high]) expect((10 - end * 5) ** 2).toBeCloseTo(4 + end ** 2, 6);
    expect(low).toBeLessThan(2);
    expect(high).toBeGreaterThan(2);
    expect(ratioInterval(exact(10, 2), exact(1, 1.5))).toBeUndefined();
    const negative = ratioInterval(exact(-10, 2), exact(5, 1));
    expect(negative?.low).toBeCloseTo(-high, 6);
  });
});
