import { expect, test } from "vitest";
import { opportunityLoss } from "./opportunity-loss.ts";

test("deciding now costs most at a mean of 0, and nothing without uncertainty", () => {
  expect(opportunityLoss(0, 2)).toBeCloseTo(2 * 0.398942, 5);
  // From a table of the unit-normal linear-loss integral: L(1) = 0.08332, L(2) = 0.008491.
  expect(opportunityLoss(3, 3)).toBeCloseTo(3 * 0.08332, 4);
  expect(opportunityLoss(-4, 2)).toBeCloseTo(2 * 0.008491, 4);
  expect(opportunityLoss(5, 0)).toBe(0);
  expect(opportunityLoss(50, 1)).toBeCloseTo(0, 12);
});
