import { expect, test } from "vitest";
import { differences } from "./differences.ts";

test("equal data has no differences, whatever its order", () => {
  const expected = { a: 1, b: [1, { c: Number.NaN }], d: new Map([["x", 1]]) };
  const actual = { d: new Map([["x", 1]]), b: [1, { c: Number.NaN }], a: 1, e: undefined };
  expect(differences(expected, actual)).toEqual([]);
});

test("each place that differs is told with both values", () => {
  const expected = { a: 1, b: [1, 2], c: new Map([[5_000, { d: "x" }]]), f: { g: 1 } };
  const actual = { a: "1", b: [1], c: new Map([[5_000, { d: "y", e: 0 }]]), f: null };
  expect(differences(expected, actual)).toEqual([
    'a: 1 became "1"',
    "b.1: 2 became nothing",
    'c.5000.d: "x" became "y"',
    "c.5000.e: nothing became 0",
    'f: {"g":1} became null',
  ]);
});
