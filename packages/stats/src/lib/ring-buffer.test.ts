import fc from "fast-check";
import { expect, test } from "vitest";
import { RingBuffer } from "./ring-buffer.ts";

test("holds the newest values, like an array cut to that length", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.integer()), (capacity, values) => {
      const ring = new RingBuffer(capacity);
      for (const value of values) ring.push(value);
      const model = values.slice(-capacity);
      expect(ring.toArray()).toEqual(model);
      expect(ring.length).toBe(model.length);
      expect(ring.capacity).toBe(capacity);
      for (let i = -capacity - 1; i <= capacity; i += 1) expect(ring.at(i)).toBe(model.at(i));
    }),
  );
});

test("clear empties it", () => {
  const ring = new RingBuffer(2);
  ring.push(1);
  ring.clear();
  expect([ring.length, ring.at(0), ring.toArray()]).toEqual([0, undefined, []]);
  ring.push(2);
  expect(ring.toArray()).toEqual([2]);
});

test.each([0, -1, 1.5, Number.NaN])("rejects the capacity %d", (capacity) => {
  expect(() => new RingBuffer(capacity)).toThrow(RangeError);
});
