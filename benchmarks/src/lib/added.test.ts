import { expect, test } from "vitest";
import { addedTo, ratioOfAdded } from "./added.ts";

const without = [10, 20, 30, 10, 20, 30];

test("what is added is the difference within a round, however much rounds differ", () => {
  expect(addedTo(without, [15, 25, 35, 15, 25, 35])).toEqual({ value: 5, low: 5, high: 5 });
});

test("disturbed rounds do not change the ratio of what is added", () => {
  const ours = [12, 22, 500, 12, 22, 32];
  const theirs = [18, 28, 38, 18, 400, 38];
  expect(ratioOfAdded(without, ours, theirs)).toMatchObject({ value: 0.25 });
});

test("without disturbance the interval has no width", () => {
  expect(ratioOfAdded([10, 20, 30], [12, 22, 32], [18, 28, 38])).toEqual({
    value: 0.25,
    low: 0.25,
    high: 0.25,
  });
});
