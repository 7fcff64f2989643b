import { expect, test } from "vitest";
import { rotated } from "./rotated.ts";

test("each round begins with the next one and has all of them", () => {
  const rounds = [0, 1, 2, 3].map((round) => rotated(["a", "b", "c"], round).join(""));
  expect(rounds).toEqual(["abc", "bca", "cab", "abc"]);
});

test("a list without anything stays so", () => {
  expect(rotated([], 2)).toEqual([]);
});
