import fc from "fast-check";
import { expect, test } from "vitest";
import { BucketCounts } from "./bucket-counts.ts";
import { BUCKETS } from "./sketch-buckets.ts";

function contents(counts: BucketCounts): [number, number][] {
  const seen: [number, number][] = [];
  counts.scan((bucket, count) => {
    seen.push([bucket, count]);
    return false;
  });
  return seen;
}

const buckets = fc.array(
  fc.tuple(
    fc.oneof(fc.nat(BUCKETS - 1), fc.integer({ min: 261000, max: 262000 })),
    fc.integer({ min: 1, max: 9 }),
  ),
);

test("agrees with a plain map, in bucket order", () => {
  fc.assert(
    fc.property(buckets, buckets, (added, merged) => {
      const counts = new BucketCounts();
      const other = new BucketCounts();
      const model = new Map<number, number>();
      for (const [bucket, count] of added) counts.add(bucket, count);
      for (const [bucket, count] of merged) other.add(bucket, count);
      counts.addAll(other);
      for (const [bucket, count] of [...added, ...merged])
        model.set(bucket, (model.get(bucket) ?? 0) + count);
      expect(contents(counts)).toEqual([...model].sort(([a], [b]) => a - b));
    }),
  );
});

test("stops a scan when the visitor says so", () => {
  const counts = new BucketCounts();
  for (const bucket of [5, 900, 70_000]) counts.add(bucket, 1);
  const seen: number[] = [];
  counts.scan((bucket) => seen.push(bucket) === 2);
  expect(seen).toEqual([5, 900]);
});

test("holds all buckets in 4.2 MB", () => {
  const counts = new BucketCounts();
  for (let bucket = BUCKETS - 1; bucket >= 0; bucket -= 1) counts.add(bucket, 1);
  expect(contents(counts)).toHaveLength(BUCKETS);
  expect(counts.bytes).toBeLessThan(4.3e6);
});
