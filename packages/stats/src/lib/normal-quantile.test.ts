import { expect, test } from "vitest";
import { normalQuantile } from "./normal-quantile.ts";

// From tables of the normal distribution.
test.each([
  [0.5, 0],
  [0.975, 1.959963984540054],
  [0.995, 2.5758293035489],
  [0.9999, 3.719016485455709],
  [1e-12, -7.034483825301131],
  [1e-15, -7.941345326170997],
])("of %d is %d", (p, x) => {
  expect(normalQuantile(p)).toBeCloseTo(x, 12);
});
