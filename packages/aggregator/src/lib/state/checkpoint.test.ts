import fc from "fast-check";
import { expect, test } from "vitest";
import { checkpointsToKeep, replayBase } from "./checkpoint.ts";

test("kept are the newest two and the first in each segment", () => {
  const segments = [{ first: 1 }, { first: 100 }, { first: 200 }];
  expect(checkpointsToKeep([50, 99, 120, 150, 210, 220, 230], segments)).toEqual([50, 99, 210, 220, 230]);
  expect(checkpointsToKeep([], segments)).toEqual([]);
});

test("a replay of a whole log begins with nothing; of what is left, with the first checkpoint that covers what is gone", () => {
  expect(replayBase([50, 90], 0)).toBe(0);
  expect(replayBase([50, 90], 60)).toBe(90);
  expect(replayBase([50, 90], 90)).toBe(90);
  expect(replayBase([50, 90], 91)).toBeUndefined();
});

test("whichever segments are dropped up to the newest checkpoint, what is kept can be replayed", () => {
  const ascending = (max: number) =>
    fc
      .uniqueArray(fc.integer({ min: 1, max }), { minLength: 1, maxLength: 12 })
      .map((all) => all.sort((a, b) => a - b));
  fc.assert(
    fc.property(ascending(1_000), ascending(1_000), fc.nat(), (positions, firsts, pick) => {
      const segments = [1, ...firsts].map((first) => ({ first }));
      const newest = positions.at(-1) ?? 0;
      const kept = checkpointsToKeep(positions, segments);
      const droppable = segments.slice(1).filter(({ first }) => first - 1 <= newest);
      if (droppable.length === 0) return;
      const left = droppable[pick % droppable.length];
      expect(replayBase(kept, (left?.first ?? 1) - 1)).toBeDefined();
    }),
  );
});
