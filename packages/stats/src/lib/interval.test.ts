import fc from "fast-check";
import { expect, test } from "vitest";
import { wilson } from "./interval.ts";

test("published values: 8 of 10, and 0 of 10", () => {
  expect(wilson(8, 10)?.low).toBeCloseTo(0.4902, 4);
  expect(wilson(8, 10)?.high).toBeCloseTo(0.9433, 4);
  expect(wilson(0, 10)?.low).toBe(0);
  expect(wilson(0, 10)?.high).toBeCloseTo(0.2775, 4);
});

test("contains the share, lies in 0 to 1, narrows with n, widens with confidence, is symmetric", () => {
  const counts = fc
    .integer({ min: 1, max: 1e6 })
    .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));
  fc.assert(
    fc.property(counts, ([successes, n]) => {
      const { low, high } = wilson(successes, n) ?? expect.fail("unknown");
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
      expect(low).toBeLessThanOrEqual(successes / n);
      expect(high).toBeGreaterThanOrEqual(successes / n);
      const more = wilson(successes * 10, n * 10) ?? expect.fail("unknown");
      expect(more.high - more.low).toBeLessThan(high - low);
      const surer = wilson(successes, n, 0.99) ?? expect.fail("unknown");
      expect(surer.high - surer.low).toBeGreaterThan(high - low);
      expect(wilson(n - successes, n)?.high).toBeCloseTo(1 - low, 12);
    }),
  );
});

test("without samples nothing is known", () => {
  expect(wilson(0, 0)).toBeUndefined();
});

test("rejects what is not a share", () => {
  for (const [successes, n] of [
    [2, 1],
    [-1, 1],
    [Number.NaN, 1],
    [0, Number.POSITIVE_INFINITY],
  ] as const) {
    expect(() => wilson(successes, n)).toThrow(RangeError);
  }
  expect(() => wilson(1, 2, 95)).toThrow(RangeError);
});
