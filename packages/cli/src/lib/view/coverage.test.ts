import { expect, test } from "vitest";
import { coverageOf, gapText, percentOf } from "./coverage.ts";

const counts = { received: 0, duplicate: 0, late: 0, refused: 0, completeness: 1 };
const since = "2026-01-02T03:04:05.000Z";

test("is of all numbered spans together, and names those it knows nothing of", () => {
  const gaps = (from: number, to: number) => [{ instance: "a", from, to, since }];
  const coverage = coverageOf({
    desk: { ...counts, ended: 300, missing: 2, gaps: gaps(4, 5) },
    maker: { ...counts, ended: 100, missing: 18, gaps: gaps(1, 18) },
    whole: { ...counts, ended: 100, missing: 0 },
    stock: { ...counts, completeness: null, ended: null, missing: null },
  });
  expect(coverage).toEqual({
    percent: 96,
    ended: 500,
    missing: 20,
    largest: { service: "maker", instance: "a", from: 1, to: 18, since },
    unnumbered: ["stock"],
  });
});

test("is unknown without numbers, and 100 % only where nothing is missing", () => {
  expect(coverageOf({}).percent).toBeNull();
  expect(percentOf(0, 10)).toBe(100);
  expect(percentOf(1, 10_000_000)).toBe(99.99);
  expect(percentOf(3, 10_000)).toBeCloseTo(99.97, 10);
});

test("a gap is told by its process and its numbers", () => {
  expect(gapText({ instance: "a-1", from: 5_012, to: 5_021, since })).toBe("a-1 5,012 to 5,021");
  expect(gapText({ instance: "", from: 7, to: 7, since })).toBe("7");
});
