import fc from "fast-check";
import { expect, test } from "vitest";
import { ratioOf, ratioOfSums, subjectResult } from "./result.ts";
import type { Round } from "./round.ts";

const MIB = 2 ** 20;

function round(cpuMs: Readonly<Record<string, number>>, residentMiB = 100): Round {
  const threads = Object.entries(cpuMs).map(([name, ms]) => ({ name, cpuNs: ms * 1e6, runs: 50 }));
  return { seconds: 5, threads, residentBytes: residentMiB * MIB };
}

test("a build's share of a core is what all its threads took, whenever they took it", () => {
  // A checkpoint in one round of four: the median would not see it.
  const rounds = [{ main: 50 }, { main: 50 }, { main: 50, state: 100 }, { main: 50 }].map((ms) => round(ms));
  const result = subjectResult("this", "no sinks", rounds, 2);
  expect(result.corePercent.value).toBeCloseTo(1.5);
  expect(result.corePercent.low).toBeLessThan(1.5);
  expect(result.corePercent.high).toBeGreaterThan(1.5);
  expect(result.machinePercent.value).toBeCloseTo(0.75);
  expect(result.threads).toEqual([
    { name: "main", corePercent: 1, runsPerSecond: 10 },
    { name: "state", corePercent: 0.5, runsPerSecond: 2.5 },
  ]);
  expect(result.runsPerSecond).toBeCloseTo(12.5);
});

test("a goal of CPU time is met or missed only if all of the interval is; that of memory by the most", () => {
  const goals = (cpuMs: readonly number[], residentMiB: number): unknown =>
    subjectResult(
      "this",
      "no sinks",
      cpuMs.map((ms) => round({ main: ms }, residentMiB)),
      2,
    ).goals;
  expect(goals([50, 55, 58], 119)).toEqual({ core: "met", memory: "met" });
  expect(goals([40, 60, 80], 121)).toEqual({ core: "unclear", memory: "missed" });
  expect(goals([61, 70, 80], 100)).toEqual({ core: "missed", memory: "met" });
});

test("builds are compared by the same rounds", () => {
  // The machine slowed both down in the second one.
  const ours = [round({ main: 10 }, 80), round({ main: 100 }, 90)];
  const theirs = [round({ main: 20 }, 160), round({ main: 200 }, 180)];
  const ratio = ratioOf("no sinks", { build: "this", rounds: ours }, { build: "that", rounds: theirs });
  expect(ratio.cpu).toEqual({ value: 0.5, low: 0.5, high: 0.5 });
  expect(ratio.residentMiB.value).toBeCloseTo(0.5);
});

test("the interval of a ratio contains it and lies between the ratios of its pairs", () => {
  const amount = fc.double({ min: 0.001, max: 1_000, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(amount, amount), { minLength: 1, maxLength: 12 }), (pairs) => {
      const { value, low, high } = ratioOfSums(pairs);
      const ratios = pairs.map(([a, b]) => a / b);
      const slack = 1e-9 * Math.max(...ratios);
      expect(low).toBeLessThanOrEqual(high);
      expect(Math.min(low, value)).toBeGreaterThanOrEqual(Math.min(...ratios) - slack);
      expect(Math.max(high, value)).toBeLessThanOrEqual(Math.max(...ratios) + slack);
    }),
  );
});
