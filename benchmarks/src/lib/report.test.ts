import { expect, test } from "vitest";
import { benchmarkText } from "./report.ts";
import { judge } from "./result.ts";

test("says ours, theirs, the ratio with its interval, and how it stands with the goal", () => {
  const ratio = { value: 0.0512, low: 0.05, high: 0.053 };
  const text = benchmarkText({
    name: "example",
    title: "An example",
    comparisons: [
      {
        ours: "ours",
        theirs: "theirs",
        unit: "ns",
        ourTime: { value: 5.123, low: 5, high: 6 },
        theirTime: { value: 100.4, low: 99, high: 101 },
        ratio,
        goal: judge(ratio, 0.1),
        ourBytes: 0,
        theirBytes: 1362.3,
      },
    ],
    figures: [],
    notes: ["A note."],
  });
  expect(text).toMatch(/ours +theirs +5\.12 ns +100 ns +0\.0512 \[0\.05, 0\.053\] +0 \/ 1362 +< 0\.1: met/);
  expect(text).toContain("  - A note.");
});

test("a goal is met or missed only where the whole interval says so", () => {
  expect(judge({ value: 0.5, low: 0.4, high: 0.6 }, 1).verdict).toBe("met");
  expect(judge({ value: 0.9, low: 0.8, high: 1.1 }, 1).verdict).toBe("unclear");
  expect(judge({ value: 1.5, low: 1, high: 2 }, 1).verdict).toBe("missed");
});
