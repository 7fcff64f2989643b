import { expect, test, vi } from "vitest";
import { attempt } from "./attempts.ts";
import type { Measured } from "./judge.ts";

const calm: Measured = {
  attack: "none",
  maxTurnMs: 20,
  maxP99Ms: 250,
  maxGrowthMiB: 128,
  rssMiB: { before: 100, peak: 100, after: 100 },
  without: [5],
  during: [5],
  afterwards: [5],
  newMs: 900,
  control: { without: [5], during: [5], afterwards: [5], newMs: 20, turnMs: 5 },
  othersCpu: { during: 0, afterwards: 0 },
  sent: 10,
  counted: 10,
  connections: 3,
  turnMs: 20,
  gcMs: 90,
  endMs: 10,
};
const slow: Measured = { ...calm, during: [251] };
const wrong: Measured = { ...slow, counted: 9 };

/** Whether it failed, after how many attempts. */
async function outcomeOf(...seen: Measured[]): Promise<[boolean, number]> {
  const onRetry = vi.fn();
  const { attempts, problems } = await attempt(async () => seen.shift() ?? calm, onRetry);
  expect(onRetry).toHaveBeenCalledTimes(attempts - 1);
  return [problems.length > 0, attempts];
}

test("a delay that shows up in every attempt fails, and one that does not does not", async () => {
  expect(await outcomeOf(calm)).toEqual([false, 1]);
  expect(await outcomeOf(slow, calm)).toEqual([false, 2]);
  expect(await outcomeOf(slow, slow, calm)).toEqual([false, 3]);
  expect(await outcomeOf(slow, slow, slow, calm)).toEqual([true, 3]);
});

test("a fault is not tried again", async () => {
  expect(await outcomeOf(wrong, calm)).toEqual([true, 1]);
  expect(await outcomeOf(slow, wrong, calm)).toEqual([true, 2]);
});
