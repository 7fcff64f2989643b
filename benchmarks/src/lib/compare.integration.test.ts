import { expect, test } from "vitest";
import { compare } from "./compare.ts";
import { work } from "./testing/work.ts";

test("finds a tenth of the work to be about a tenth of the time", async () => {
  const [comparison] = await compare({
    ours: [work("small", 100)],
    theirs: [work("large", 1_000)],
    // Many, so that some that other programs disturb do not widen the interval to the goal.
    rounds: { rounds: 61, roundMs: 2 },
    unit: "us",
    goal: { theirs: "large", below: 0.5 },
  });
  expect(comparison).toMatchObject({ ours: "small", theirs: "large", unit: "us", goal: { verdict: "met" } });
  expect(comparison?.ratio.value).toBeGreaterThan(0.005);
  expect(comparison?.ratio.value).toBeLessThan(0.3);
});
