import fc from "fast-check";
import { expect, test } from "vitest";
import { FixedHistogram } from "./fixed-histogram.ts";
import { recordable, unrecordable } from "./testing/values.ts";

const BOUNDS = [0.01, 0.1, 1];

test("a value equal to a bound belongs to the bucket that ends there", () => {
  const histogram = new FixedHistogram(BOUNDS);
  for (const value of [0, 0.01, 0.011, 0.1, 1, 1.001, 1e300]) expect(histogram.record(value)).toBe(true);
  expect([...histogram.counts]).toEqual([2, 2, 1, 2]);
  expect(histogram.count).toBe(7);
});

test("agrees with counting one by one; merging equals recording everything in one histogram", () => {
  const values = fc.array(fc.integer({ min: 0, max: 2048 }).map((n) => n / 1024)); // sums of these are exact
  fc.assert(
    fc.property(values, values, (a, b) => {
      const all = [...a, ...b];
      const histogram = new FixedHistogram(BOUNDS);
      const other = new FixedHistogram(BOUNDS);
      for (const value of a) histogram.record(value);
      for (const value of b) other.record(value);
      histogram.merge(other);
      const edges = [Number.NEGATIVE_INFINITY, ...BOUNDS, Number.POSITIVE_INFINITY];
      const expected = edges.slice(1).map((edge, i) => {
        return all.filter((value) => value <= edge && value > (edges[i] ?? edge)).length;
      });
      expect([...histogram.counts]).toEqual(expected);
      expect(histogram.count).toBe(all.length);
      expect(histogram.sum).toBe(all.reduce((sum, value) => sum + value, 0));
    }),
  );
});

test("rejects NaN, infinite and negative values and does not count them", () => {
  fc.assert(
    fc.property(unrecordable, (value) => {
      const histogram = new FixedHistogram(BOUNDS);
      expect(histogram.record(value)).toBe(false);
      expect([histogram.count, histogram.sum]).toEqual([0, 0]);
    }),
  );
});

test("clear resets everything", () => {
  const histogram = new FixedHistogram([]);
  histogram.record(3);
  histogram.clear();
  expect([histogram.count, histogram.sum, ...histogram.counts]).toEqual([0, 0, 0]);
});

test("rejects bounds that do not ascend, and merging with different bounds", () => {
  expect(() => new FixedHistogram([1, 1])).toThrow(RangeError);
  expect(() => new FixedHistogram([1, Number.POSITIVE_INFINITY])).toThrow(RangeError);
  expect(() => new FixedHistogram([1]).merge(new FixedHistogram([2]))).toThrow(RangeError);
});

test("a saved and loaded histogram is equal and behaves the same", () => {
  fc.assert(
    fc.property(fc.array(recordable), fc.array(recordable), (before, after) => {
      const histogram = new FixedHistogram(BOUNDS);
      for (const value of before) histogram.record(value);
      const restored = new FixedHistogram(BOUNDS);
      restored.load(structuredClone(histogram.save()));
      for (const value of after) for (const each of [histogram, restored]) each.record(value);
      expect([restored.sum, restored.count, restored.counts]).toEqual([
        histogram.sum,
        histogram.count,
        histogram.counts,
      ]);
    }),
  );
  expect(() => new FixedHistogram([1]).load(new FixedHistogram([1, 2]).save())).toThrow(TypeError);
});
