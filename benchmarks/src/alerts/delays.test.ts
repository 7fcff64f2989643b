import { expect, test } from "vitest";
import { delaysOf, Stopwatches } from "./delays.ts";

test("percentiles are the nearest rank, whatever the order", () => {
  const took = Array.from({ length: 200 }, (_, i) => 200 - i);
  expect(delaysOf(201, took)).toEqual({ alerts: 201, notified: 200, p50: 100, p99: 198, longest: 200 });
  expect(delaysOf(1, [7])).toEqual({ alerts: 1, notified: 1, p50: 7, p99: 7, longest: 7 });
  expect(delaysOf(3, [])).toMatchObject({ alerts: 3, notified: 0, p99: Number.NaN });
});

test("what comes without being awaited, or again, counts nothing; what never comes is missing", () => {
  const watches = new Stopwatches();
  watches.start("a");
  watches.start("b");
  watches.stop("c");
  watches.stop("a");
  watches.stop("a");
  expect(watches.isDone).toBe(false);
  expect(watches.delays).toMatchObject({ alerts: 2, notified: 1 });
  watches.stop("b");
  expect(watches.isDone).toBe(true);
});
