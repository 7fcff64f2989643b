import fc from "fast-check";
import { expect, test } from "vitest";
import { MissingNumbers, RANGE_NUMBERS } from "./missing-numbers.ts";

/** As a process's numbers are followed: what is beyond the highest opens a range, the rest closes one. */
function follow(numbers: readonly number[]): MissingNumbers {
  const missing = new MissingNumbers();
  let highest = 0;
  for (const number of numbers) {
    if (number > highest + 1) missing.add(highest + 1, number - 1, number);
    else if (number <= highest) missing.remove(number);
    highest = Math.max(highest, number);
  }
  return missing;
}

function ranges(missing: MissingNumbers): number[][] {
  return Array.from(missing, ({ from, to }) => [from, to]);
}

test("numbers that do not come are named; those that come late close or split their range", () => {
  expect(ranges(follow([1, 2, 5, 6, 10]))).toEqual([
    [3, 4],
    [7, 9],
  ]);
  expect(ranges(follow([1, 2, 5, 6, 10, 8, 3]))).toEqual([
    [4, 4],
    [7, 7],
    [9, 9],
  ]);
  expect(ranges(follow([3, 1, 2]))).toEqual([]);
});

test("a range tells when it was noticed, its parts too", () => {
  const parts = Array.from(follow([1, 9, 5]), ({ sinceMs }) => sinceMs);
  expect(parts).toEqual([9, 9]);
});

test("the ranges are exactly what has not come, in whatever order it came, repeats among it", () => {
  const numbers = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 80 });
  fc.assert(
    fc.property(numbers, (came) => {
      const highest = Math.max(...came);
      const not = Array.from({ length: highest }, (_, i) => i + 1).filter((number) => !came.includes(number));
      const named = ranges(follow(came)).flatMap(([from = 0, to = 0]) =>
        Array.from({ length: to - from + 1 }, (_, i) => from + i),
      );
      expect(named).toEqual(not);
    }),
  );
});

test("of too many ranges the smallest are forgotten, and saved ranges are what was saved", () => {
  // Number 1 is missing, and then ranges of 0, 1, 2, 3, ... numbers.
  let number = 1;
  const numbers = Array.from({ length: 100 }, (_, i) => (number += i + 1));
  const missing = follow(numbers);
  const sizes = ranges(missing).map(([from = 0, to = 0]) => to - from + 1);
  expect(sizes).toEqual(Array.from({ length: 32 }, (_, i) => 68 + i));

  const loaded = new MissingNumbers();
  const saved = new Float64Array(RANGE_NUMBERS * missing.size);
  missing.saveTo(saved, 0);
  loaded.load(saved, missing.forgotten);
  expect([...loaded]).toEqual([...missing]);
  expect(loaded.forgotten).toEqual({ count: 1 + (67 * 68) / 2, sinceMs: numbers[67] });
});
