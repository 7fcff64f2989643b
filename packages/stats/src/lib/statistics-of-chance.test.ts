import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { benjaminiHochberg } from "./benjamini-hochberg.ts";
import { betaDraw } from "./beta-draw.ts";
import { binomialDraw, logFactorial } from "./binomial.ts";
import { bootstrapEach, bootstrapMean } from "./bootstrap.ts";
import { fisherMore } from "./fisher-exact.ts";
import { isotonic } from "./isotonic.ts";
import { quantileInterval, quantileRanks, samplingInterval } from "./quantile-interval.ts";
import { seededRandom } from "./seeded-random.ts";
import { midRanks, spearman } from "./spearman.ts";
import { distributions } from "./testing/random.ts";

/** The share of samples in which an interval contains the truth. */
function coverage(samples: number, holds: (random: () => number, seed: number) => boolean): number {
  const random = seededRandom(11);
  let held = 0;
  for (let i = 0; i < samples; i++) if (holds(random, i)) held++;
  return held / samples;
}

describe("an interval of a mean", () => {
  it.each([10, 40, 200])("of %i skewed values contains the truth about as often as it claims", (n) => {
    const draw = distributions.lognormal ?? (() => 0);
    const truth = Math.exp(-3 + 0.8 ** 2 / 2);
    const share = coverage(400, (random, seed) => {
      const values = Array.from({ length: n }, () => draw(random));
      const interval = bootstrapMean(values, { rounds: 400, seed });
      return interval !== undefined && interval.low <= truth && truth <= interval.high;
    });
    expect(share).toBeGreaterThan(0.91);
    expect(share).toBeLessThan(0.99);
  });

  it("is the same for the same seed, and undefined for few or equal values", () => {
    const values = [1, 5, 2, 9, 3, 4];
    expect(bootstrapMean(values, { seed: 3 })).toEqual(bootstrapMean(values, { seed: 3 }));
    expect(bootstrapMean([1, 2, 3, 4])).toBeUndefined();
    expect(bootstrapMean([2, 2, 2, 2, 2, 2])).toBeUndefined();
  });
});

describe("an interval of a quantile", () => {
  it.each([
    [0.5, 15],
    [0.5, 300],
    [0.95, 200],
  ])("(%d of %i values) contains the truth at least as often as it claims", (q, n) => {
    const share = coverage(600, (random) => {
      const sorted = Array.from({ length: n }, random).sort((a, b) => a - b);
      const found = quantileInterval(sorted, q);
      return found !== undefined && (found.interval.low ?? 0) <= q && q <= (found.interval.high ?? 1);
    });
    expect(share).toBeGreaterThan(0.935);
  });

  it("leaves an end open if too few values determine it", () => {
    expect(quantileInterval([], 0.5)).toBeUndefined();
    const reason = "too few values for both ends: 1 of 6 needed";
    const open = { low: null, high: null, kind: "sampling95", reason };
    expect(quantileInterval([7], 0.5)).toEqual({ value: 7, interval: open });
    const few = Array.from({ length: 20 }, (_, i) => i);
    expect(quantileInterval(few, 0.95)).toMatchObject({ value: 18, interval: { high: null } });
  });

  it.each([0.5, 0.95, 0.99, 0.999])("of %d needs as many values as it says", (q) => {
    const { reason = "" } = samplingInterval(q, 1, { low: null, high: null });
    const least = Number(/of (\d+) needed/.exec(reason)?.[1]);
    const isOpen = (n: number) => Object.values(quantileRanks(q, n)).includes(null);
    expect([isOpen(least - 1), isOpen(least)]).toEqual([true, false]);
  });

  it.each([0.5, 0.99, 0.999])("of %d is found among a million values at once, and is narrow", (q) => {
    const { low, high } = quantileRanks(q, 1_000_000);
    const deviation = Math.sqrt(1_000_000 * q * (1 - q));
    expect((q * 1_000_000 - (low ?? 0)) / deviation).toBeCloseTo(1.96, 0);
    expect(((high ?? 0) - q * 1_000_000) / deviation).toBeCloseTo(1.96, 0);
  });
});

describe("ranks", () => {
  it("are shared by equal values", () => {
    expect([...midRanks([3, 1, 3, 2])]).toEqual([3.5, 1, 3.5, 2]);
  });

  it("correlate as expected, with an interval that contains the value", () => {
    const random = seededRandom(4);
    const xs = Array.from({ length: 500 }, random);
    const noisy = xs.map((x) => x + random());
    const found = spearman(xs, noisy);
    expect(found?.value).toBeGreaterThan(0.6);
    expect(found?.interval?.low).toBeLessThan(found?.value ?? 0);
    expect(found?.interval?.high).toBeGreaterThan(found?.value ?? 1);
    expect(
      spearman(
        xs,
        xs.map((x) => -(x ** 3)),
      )?.value,
    ).toBeCloseTo(-1, 12);
    expect(spearman([1, 2, 3], [5, 5, 5])).toBeUndefined();
    expect(spearman([1, 2, 3], [1, 2, 3])).toEqual({ value: 1, interval: undefined });
    expect(() => spearman([1], [])).toThrow("pairs");
  });

  it("of independent values correlate only by chance: the interval contains 0 as often as it claims", () => {
    const share = coverage(300, (random, seed) => {
      const pick = (): number[] => Array.from({ length: 60 }, random);
      const { interval } = spearman(pick(), pick(), { rounds: 300, seed }) ?? {};
      return interval !== undefined && interval.low <= 0 && interval.high >= 0;
    });
    expect(share).toBeGreaterThan(0.91);
  });
});

describe("a monotone fit", () => {
  it("pools values that violate the order, by weight", () => {
    expect(isotonic([1, 3, 2, 4])).toEqual([1, 2.5, 2.5, 4]);
    expect(isotonic([3, 1], [1, 3])).toEqual([1.5, 1.5]);
    expect(isotonic([])).toEqual([]);
  });

  it("never falls, keeps the weighted mean, and is closer to the values than any other that never falls", () => {
    const weighted = fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 9 })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(
        weighted,
        fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 30 }),
        (pairs, other) => {
          const values = pairs.map(([value]) => value);
          const weights = pairs.map(([, weight]) => weight);
          const fitted = isotonic(values, weights);
          const sum = (ys: readonly number[]): number =>
            ys.reduce((total, y, i) => total + y * (weights[i] ?? 0), 0);
          const error = (ys: readonly number[]): number =>
            ys.reduce((total, y, i) => total + (weights[i] ?? 0) * (y - (values[i] ?? 0)) ** 2, 0);
          expect(fitted).toHaveLength(values.length);
          for (const [i, y] of fitted.entries())
            expect(y).toBeGreaterThanOrEqual((fitted[i - 1] ?? y) - 1e-9);
          expect(sum(fitted)).toBeCloseTo(sum(values), 6);
          const rival = other.slice(0, values.length).sort((a, b) => a - b);
          if (rival.length === values.length) expect(error(fitted)).toBeLessThanOrEqual(error(rival) + 1e-6);
        },
      ),
    );
  });
});

describe("tests of chance", () => {
  it("are exact: Fisher's tea", () => {
    expect(fisherMore(4, 4, 4, 8)).toBeCloseTo(1 / 70, 12);
    expect(fisherMore(3, 4, 4, 8)).toBeCloseTo(17 / 70, 12);
    expect(fisherMore(0, 5, 3, 50)).toBeCloseTo(1, 9);
    expect(fisherMore(40, 1000, 1000, 1_000_000)).toBeLessThan(1e-30);
    expect(() => fisherMore(5, 4, 4, 8)).toThrow(RangeError);
  });

  it("are adjusted for their number", () => {
    const adjusted = benjaminiHochberg([0.01, 0.04, 0.03, 0.005]);
    for (const [i, q] of [0.02, 0.04, 0.04, 0.02].entries()) expect(adjusted[i]).toBeCloseTo(q, 12);
    expect(benjaminiHochberg([0.01], 10)).toEqual([0.1]);
    expect(benjaminiHochberg([0.9, 0.8])).toEqual([0.9, 0.9]);
  });

  it("find nothing in pure chance, at least nine times in ten", () => {
    const share = coverage(300, (random) =>
      benjaminiHochberg(Array.from({ length: 40 }, random)).every((q) => q > 0.05),
    );
    expect(share).toBeGreaterThan(0.92);
  });
});

describe("a share drawn from what is known of it", () => {
  it.each([
    [0, 20],
    [3, 50],
    [400, 1000],
  ])("(%i of %i) has the mean and the spread of its beta distribution", (k, n) => {
    const random = seededRandom(2);
    const draws = Array.from({ length: 4000 }, () => betaDraw(k + 0.5, n - k + 0.5, random));
    const mean = draws.reduce((sum, p) => sum + p, 0) / draws.length;
    const expected = (k + 0.5) / (n + 1);
    const spread = Math.sqrt((expected * (1 - expected)) / (n + 2));
    expect(Math.abs(mean - expected)).toBeLessThan((4 * spread) / Math.sqrt(draws.length));
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...draws)).toBeLessThanOrEqual(1);
  });
});

describe("counts of chance", () => {
  it("have the mean and the spread of a binomial, small and large", () => {
    const random = seededRandom(9);
    for (const [n, p] of [
      [10, 0.1],
      [200, 0.02],
      [5000, 0.3],
      [40, 0.9],
    ] as const) {
      const draws = Array.from({ length: 4000 }, () => binomialDraw(n, p, random));
      const mean = draws.reduce((sum, k) => sum + k, 0) / draws.length;
      const variance = draws.reduce((sum, k) => sum + (k - mean) ** 2, 0) / draws.length;
      expect(Math.abs(mean - n * p)).toBeLessThan(4 * Math.sqrt((n * p * (1 - p)) / draws.length));
      expect(variance / (n * p * (1 - p))).toBeGreaterThan(0.9);
      expect(variance / (n * p * (1 - p))).toBeLessThan(1.1);
      expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...draws)).toBeLessThanOrEqual(n);
    }
    expect([binomialDraw(5, 0, random), binomialDraw(5, 1, random), binomialDraw(0, 0.5, random)]).toEqual([
      0, 5, 0,
    ]);
  });

  it("have exact logarithms of factorials", () => {
    expect(logFactorial(15)).toBeCloseTo(Math.log(1_307_674_368_000), 12);
    expect(logFactorial(20) - logFactorial(19)).toBeCloseTo(Math.log(20), 10);
    expect(logFactorial(16) - logFactorial(15)).toBeCloseTo(Math.log(16), 8);
  });

  it("give several intervals from the same draws", () => {
    const intervals = bootstrapEach((random) => [random(), 2 * random()], { rounds: 2000 });
    expect(intervals[0]?.low).toBeCloseTo(0.025, 1);
    expect(intervals[1]?.high).toBeCloseTo(1.95, 1);
  });
});
