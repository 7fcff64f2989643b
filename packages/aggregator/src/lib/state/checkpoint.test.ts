import fc from "fast-check";
import { expect, test } from "vitest";
import { BEGINNING, isAfter, numberOf, positionOf } from "../log/position.ts";
import { checkpointsToContinue, checkpointsToKeep, checkpointsToReplay } from "./checkpoint.ts";

test("kept are the newest two and the first in each segment", () => {
  const segments = [0, 99, 199].map((after) => ({ after: positionOf(after) }));
  expect(checkpointsToKeep([50, 99, 120, 150, 210, 220, 230].map(positionOf), segments)).toEqual([
    50, 99, 210, 220, 230,
  ]);
  expect(checkpointsToKeep([], segments)).toEqual([]);
});

const known = (position: number, absent = 0, format = 1, sinceMs: number | null = 7) => ({
  format,
  position: positionOf(position),
  missing: { absent, unreadable: 0 },
  sinceMs,
});

test("continued is the newest checkpoint that lacks the fewest parts and that the log continues from", () => {
  const log = { droppedThrough: positionOf(60), position: positionOf(95) };
  const best = (...all: ReturnType<typeof known>[]) =>
    checkpointsToContinue(all, log).map(({ position }) => position);
  expect(best(known(50), known(60), known(90), known(96))).toEqual([90, 60]);
  expect(best(known(70, 0), known(90, 2, 2), known(80, 1, 3))).toEqual([70, 80, 90]);
  expect(best(known(50), known(90, 2, 2))).toEqual([90]);
  expect(best(known(50), known(59))).toEqual([]);
});

test("an older checkpoint is continued if parts of the newer one count for a shorter time", () => {
  const best = (...all: ReturnType<typeof known>[]) =>
    checkpointsToContinue(all, { droppedThrough: positionOf(0), position: positionOf(99) }).map(
      ({ position }) => position,
    );
  expect(best(known(10), known(20, 0, 2, 15), known(30, 0, 2, 15))).toEqual([10, 30, 20]);
  // Nothing is known of a state of an earlier version of Slipstream.
  expect(best(known(10), known(20, 0, 0, null), known(30, 0, 2, 15))).toEqual([20, 10, 30]);
  expect(best(known(10, 1), known(20, 0, 2, 15))).toEqual([20, 10]);
});

test("a replay begins with the oldest of them that covers what is gone", () => {
  const first = (droppedThrough: number) =>
    checkpointsToReplay([known(50), known(55, 1, 2), known(90)], positionOf(droppedThrough))[0]?.position;
  expect([50, 51, 90, 91].map(first)).toEqual([50, 90, 90, undefined]);
});

test("whichever segments are dropped up to the newest checkpoint, what is kept can be replayed", () => {
  const ascending = (max: number) =>
    fc
      .uniqueArray(fc.integer({ min: 1, max }), { minLength: 1, maxLength: 12 })
      .map((all) => all.sort((a, b) => a - b));
  fc.assert(
    fc.property(ascending(1_000), ascending(1_000), fc.nat(), (positions, firsts, pick) => {
      const segments = [1, ...firsts].map((first) => ({ after: positionOf(first - 1) }));
      const newest = positions.at(-1) ?? 0;
      const kept = checkpointsToKeep(positions.map(positionOf), segments);
      const droppable = segments.slice(1).filter(({ after }) => !isAfter(after, positionOf(newest)));
      if (droppable.length === 0) return;
      const left = droppable[pick % droppable.length];
      const usable = checkpointsToReplay(
        kept.map((position) => known(numberOf(position))),
        left?.after ?? BEGINNING,
      );
      expect(usable).not.toEqual([]);
    }),
  );
});
