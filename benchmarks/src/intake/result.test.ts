import { expect, test } from "vitest";
import { intakeText } from "./report.ts";
import { ratioOf, subjectResult } from "./result.ts";
import type { Round } from "./round.ts";

function round(spansPerSecond: number, cpuSeconds: number): Round {
  return {
    sent: {
      spans: 2 * spansPerSecond,
      trades: 0,
      bytes: 0,
      retries: 1,
      seconds: 2,
      cpuSeconds: 0.5,
      latencyMs: { p50: 5, p99: 9, max: 12 },
    },
    cpuSeconds,
    residentBytes: 100 * 2 ** 20,
    loopDelay: { p50: 1, p99: 3, max: 4 },
  };
}

const ours = [round(300_000, 1.5), round(320_000, 1.6), round(310_000, 1.55)];
const theirs = [round(100_000, 2), round(80_000, 1.6), round(90_000, 1.8)];

test("rates are per second and per CPU second, as medians over the rounds", () => {
  const result = subjectResult("ours", ours);
  expect(result.spansPerSecond.value).toBe(310_000);
  expect(result.cpuSecondsPerMillionSpans.value).toBeCloseTo(2.5, 10);
  expect(result).toMatchObject({ residentMiB: { value: 100 }, loopDelayP99Ms: { value: 3 }, retries: 3 });
  expect(result.senderCore.value).toBe(0.25);
});

test("a ratio is of the same round, and its goal is met or missed only where the whole interval says so", () => {
  const ratio = ratioOf(ours, theirs, "theirs", 3);
  expect(ratio.spansPerSecond).toMatchObject({ low: 3, high: 4 });
  expect(ratio.spansPerCpuSecond.value).toBeCloseTo(4, 10);
  expect(ratio.goal?.verdict).toBe("met");
  expect(ratioOf(ours, theirs, "theirs", 3.5).goal?.verdict).toBe("unclear");
  expect(ratioOf(ours, theirs, "theirs", 4.1).goal?.verdict).toBe("missed");
});

test("the report says what was taken, the ratio and its goal", () => {
  const text = intakeText({
    rounds: 3,
    seconds: 2,
    connections: 8,
    bytesPerSpan: 457.3,
    subjects: [subjectResult("ours", ours)],
    ratios: [ratioOf(ours, theirs, "theirs", 3)],
    notes: ["A note."],
  });
  expect(text).toContain("3 rounds of 2 s, 8 connections, 512 spans a request, 457 bytes a span");
  expect(text).toMatch(/ours +310 K \[300 K, 320 K\] +2\.5 \[2\.5, 2\.5\] +100 MiB +5 ms +9 ms +3 ms +25 %/);
  expect(text).toContain("ours / theirs: 3.44 [3, 4] by spans/s, 4 [4, 4] by CPU time   >= 3: met");
  expect(text).toContain("  - A note.");
});
