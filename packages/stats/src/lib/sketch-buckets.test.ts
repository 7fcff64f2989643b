import fc from "fast-check";
import { expect, test } from "vitest";
import {
  BUCKETS,
  bucketOf,
  lowerBound,
  middle,
  SKETCH_RELATIVE_ERROR,
  upperBound,
} from "./sketch-buckets.ts";
import { recordable } from "./testing/values.ts";

const SMALLEST_NORMAL = 2 ** -1022;

test("a value lies within its bucket, close to the bucket's middle", () => {
  fc.assert(
    fc.property(recordable, (value) => {
      const bucket = bucketOf(value);
      expect(bucket).toBeLessThan(BUCKETS);
      expect(lowerBound(bucket)).toBeLessThanOrEqual(value + 0);
      expect(upperBound(bucket)).toBeGreaterThanOrEqual(value);
      const error = Math.abs(middle(bucket) - value);
      expect(error).toBeLessThanOrEqual(value < SMALLEST_NORMAL ? 1e-310 : value * SKETCH_RELATIVE_ERROR);
    }),
    { numRuns: 2_000 },
  );
});

test("buckets are in the order of their values", () => {
  fc.assert(
    fc.property(recordable, recordable, (a, b) => {
      if (a <= b) expect(bucketOf(a)).toBeLessThanOrEqual(bucketOf(b));
    }),
  );
});

test("the first holds 0, the last the largest double", () => {
  expect(bucketOf(0)).toBe(0);
  expect(bucketOf(-0)).toBe(0);
  expect(bucketOf(Number.MAX_VALUE)).toBe(BUCKETS - 1);
  expect(upperBound(0)).toBe(0);
  expect(lowerBound(BUCKETS)).toBe(Number.POSITIVE_INFINITY);
});
