import { expect, test } from "vitest";
import { judge, type Measured, percentile } from "./judge.ts";

const ms = (value: number): number[] => Array(100).fill(value);
const good: Measured = {
  attack: "none",
  maxTurnMs: 20,
  maxP99Ms: 250,
  maxGrowthMiB: 128,
  rssMiB: { before: 100, peak: 228, after: 150 },
  without: ms(5),
  during: ms(250),
  afterwards: ms(6),
  sent: 10,
  counted: 10,
  connections: 3,
  turnMs: 20,
  gcMs: 90,
  endMs: 3_000,
};

test("percentiles are those of the nearest rank", () => {
  expect(percentile([3, 1, 2], 0.5)).toBe(2);
  expect(
    percentile(
      Array.from({ length: 100 }, (_, i) => i + 1),
      0.99,
    ),
  ).toBe(99);
  expect(percentile([], 0.5)).toBeNaN();
});

test("what holds is not reported", () => {
  const nothing = { faults: [], delays: [] };
  expect(judge(good)).toEqual(nothing);
  expect(judge({ ...good, without: ms(200), during: ms(400) })).toEqual(nothing);
});

test("a machine that was busy just before or just after the attack may have been busy during it", () => {
  expect(judge({ ...good, without: ms(100), during: ms(390), afterwards: ms(195) }).delays).toEqual([]);
  expect(judge({ ...good, without: ms(100), during: ms(391), afterwards: ms(195) }).delays).toHaveLength(1);
});

test.each<[string, Partial<Measured>]>([
  ["RSS grew by 129 MiB", { rssMiB: { before: 100, peak: 229, after: 100 } }],
  ["9 spans of the good client were counted", { counted: 9 }],
  ["11.0 s to end on SIGTERM", { endMs: 11_000 }],
  ["17 connections were open", { connections: 17 }],
])("a fault: %s", (problem, seen) => {
  expect(judge({ ...good, ...seen })).toEqual({ faults: [expect.stringContaining(problem)], delays: [] });
});

test.each<[string, Partial<Measured>]>([
  ["during the attack, P99", { during: ms(251) }],
  ["during the attack, P99", { during: [] }],
  ["after the attack, P99", { afterwards: ms(300) }],
  ["one turn of the main thread took 21 ms", { turnMs: 21 }],
])("a delay: %s", (problem, seen) => {
  expect(judge({ ...good, ...seen })).toEqual({ faults: [], delays: [expect.stringContaining(problem)] });
});
