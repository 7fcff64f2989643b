import { expect, test } from "vitest";
import { fitLine } from "./regression.ts";

test("points on a line give the line without an error", () => {
  const line = fitLine([0, 1, 2, 5].map((x) => ({ x, y: 3 * x - 2 })));
  expect(line.slope).toBeCloseTo(3, 12);
  expect(line.slopeError).toBeCloseTo(0, 12);
});

test("a slope and its standard error, worked out beside this code", () => {
  const xs = [4, 4, 7, 7, 8, 9, 10, 10, 10, 11];
  const ys = [2, 10, 4, 22, 16, 10, 18, 26, 34, 17];
  const { slope, slopeError } = fitLine(xs.map((x, i) => ({ x, y: ys[i] ?? 0 })));
  expect(slope).toBeCloseTo(2.553_571_428_571, 9);
  expect(slopeError).toBeCloseTo(1.068_772_750_086, 9);
});

test("two points have no error to tell", () => {
  expect(() => fitLine([0, 1].map((x) => ({ x, y: x })))).toThrow(RangeError);
});
