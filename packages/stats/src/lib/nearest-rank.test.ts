import { expect, test } from "vitest";
import { nearestRank } from "./nearest-rank.ts";

test("is ceil(q n) of the decimal q, whatever the rounding of the double", () => {
  const wrong: string[] = [];
  for (let thousandths = 1; thousandths <= 1000; thousandths += 1) {
    for (let n = 1; n <= 1200; n += 1) {
      const exact = Math.ceil((thousandths * n) / 1000); // both are integers: exact up to the one division
      const rank = nearestRank(thousandths / 1000, n);
      if (rank !== exact) wrong.push(`rank of ${thousandths / 1000} in ${n}: ${rank}, not ${exact}`);
    }
  }
  expect(wrong).toEqual([]);
});

test("stays within 1 to n", () => {
  expect(nearestRank(0, 10)).toBe(1);
  expect(nearestRank(1, 10)).toBe(10);
  expect(nearestRank(0.99, 1e12)).toBe(0.99e12);
});

test.each([-0.1, 1.1, Number.NaN])("rejects the quantile %d", (q) => {
  expect(() => nearestRank(q, 10)).toThrow(RangeError);
});
