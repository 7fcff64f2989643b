import { describe, expect, test } from "vitest";
import { judge, type Measured, percentile, type Times } from "./judge.ts";

const ms = (value: number): number[] => Array(100).fill(value);
const control: Times = { without: ms(5), during: ms(125), afterwards: ms(6), newMs: 2_500, turnMs: 10 };
const good: Measured = {
  attack: "none",
  maxTurnMs: 20,
  maxP99Ms: 250,
  maxGrowthMiB: 128,
  rssMiB: { before: 100, peak: 228, after: 150 },
  without: ms(5),
  during: ms(250),
  afterwards: ms(6),
  newMs: 5_000,
  control,
  othersCpu: { during: 0, afterwards: 0 },
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

describe("beside an aggregator that is not attacked", () => {
  const stalled: Times = { without: ms(5), during: ms(300), afterwards: ms(200), newMs: 3_000, turnMs: 15 };

  test.each<[string, Partial<Measured>, Partial<Measured>]>([
    ["during the attack, P99 of the good client was 601 ms", { during: ms(600) }, { during: ms(601) }],
    ["after the attack, P99 of the good client was 401 ms", { afterwards: ms(400) }, { afterwards: ms(401) }],
    ["a request on a new connection took 6001 ms", { newMs: 6_000 }, { newMs: 6_001 }],
    ["one turn of the main thread took 31 ms", { turnMs: 30 }, { turnMs: 31 }],
  ])("twice as long is from the machine, more is not: %s", (problem, passes, fails) => {
    expect(judge({ ...good, control: stalled, ...passes })).toEqual({ faults: [], delays: [] });
    expect(judge({ ...good, control: stalled, ...fails })).toEqual({
      faults: [],
      delays: [expect.stringContaining(problem)],
    });
  });

  test("no delay of it excuses memory, counts, connections or the end", () => {
    const hung: Times = {
      without: ms(9_000),
      during: ms(9_000),
      afterwards: ms(9_000),
      newMs: 9_000,
      turnMs: 9_000,
    };
    const rss = { before: 100, peak: 229, after: 100 };
    const wrong = { ...good, control: hung, rssMiB: rss, counted: 9, endMs: 11_000, connections: 17 };
    expect(judge(wrong).faults).toHaveLength(4);
  });

  test("if it answered nothing, that excuses nothing", () => {
    expect(judge({ ...good, control: { ...control, during: [] } }).delays).toHaveLength(1);
  });
});

test("what is allowed is longer by what other programs took of the CPU, up to five times as long", () => {
  const half = { during: 0.5, afterwards: 0.5 };
  const shared = {
    ...good,
    during: ms(500),
    afterwards: ms(500),
    without: ms(5),
    newMs: 10_000,
    othersCpu: half,
  };
  expect(judge(shared).delays).toEqual([]);
  const slower = { ...shared, during: ms(501), afterwards: ms(5), newMs: 10_001 };
  expect(judge(slower).delays).toHaveLength(2);
  expect(judge({ ...shared, afterwards: ms(501) }).delays).toHaveLength(1);
  const all = { during: 1, afterwards: 1 };
  expect(judge({ ...good, during: ms(1_250), othersCpu: all }).delays).toEqual([]);
  expect(judge({ ...good, during: ms(1_251), othersCpu: all }).delays).toHaveLength(1);
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
  ["a request on a new connection took 5001 ms", { newMs: 5_001 }],
  ["one turn of the main thread took 21 ms", { turnMs: 21 }],
])("a delay: %s", (problem, seen) => {
  expect(judge({ ...good, ...seen })).toEqual({ faults: [], delays: [expect.stringContaining(problem)] });
});
