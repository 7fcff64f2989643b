import { seededRandom } from "@slipstream/stats";
import fc from "fast-check";
import { expect, test } from "vitest";
import { median, medianWithInterval } from "./estimate.ts";

test("the median of an odd and of an even number of values", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([])).toBeNaN();
});

test("the interval holds the median and lies within the values", () => {
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(values, (rounds) => {
      const { value, low, high } = medianWithInterval(rounds);
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
      expect(low).toBeGreaterThanOrEqual(Math.min(...rounds));
      expect(high).toBeLessThanOrEqual(Math.max(...rounds));
    }),
    { numRuns: 50 },
  );
});

test("the interval covers the true median about 19 times out of 20", () => {
  const random = seededRandom(7);
  let covered = 0;
  for (let trial = 0; trial < 200; trial += 1) {
    const { low, high } = medianWithInterval(Array.from({ length: 25 }, () => random() ** 3));
    if (low <= 0.125 && high >= 0.125) covered += 1;
  }
  expect(covered).toBeGreaterThanOrEqual(176);
});
