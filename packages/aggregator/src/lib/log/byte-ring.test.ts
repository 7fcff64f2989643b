import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteRing, STEP_BYTES } from "./byte-ring.ts";

function put(ring: ByteRing, bytes: Uint8Array): number | undefined {
  const start = ring.take(bytes.length);
  if (start !== undefined) for (const _ of ring.fill(start, bytes));
  return start;
}

test("what is in it stays as it was put in, until it is given back, in order", () => {
  const step = fc.oneof(
    fc.nat(60).map((length) => ({ length })),
    fc.constant("release" as const),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), fc.array(step, { maxLength: 200 }), (capacity, steps) => {
      const ring = new ByteRing(capacity);
      const memory = new Uint8Array(ring.memory);
      const held: { readonly offset: number; readonly bytes: Uint8Array }[] = [];
      let number = 0;
      for (const next of steps) {
        if (next === "release") {
          held.shift();
          ring.release();
        } else {
          const bytes = new Uint8Array(next.length).fill(++number);
          const offset = put(ring, bytes);
          if (offset !== undefined) held.push({ offset, bytes });
          else expect(held.length > 0 || next.length > capacity).toBe(true);
        }
        for (const { offset, bytes } of held) {
          expect(memory.subarray(offset, offset + bytes.length)).toEqual(bytes);
        }
        expect(ring.taken).toBe(held.reduce((sum, { bytes }) => sum + Math.max(1, bytes.length), 0));
      }
    }),
  );
});

test("while little waits, little memory is touched", () => {
  const ring = new ByteRing(64 * 1024 * 1024);
  let furthest = 0;
  for (let index = 0; index < 1_000; index++) {
    furthest = Math.max(furthest, put(ring, new Uint8Array(250_000)) ?? 0);
    if (index >= 4) ring.release();
  }
  expect(furthest).toBeLessThan(5 * 1024 * 1024);
});

test("what is long is copied in steps, whole", () => {
  const ring = new ByteRing(8 * STEP_BYTES);
  const bytes = new Uint8Array(3 * STEP_BYTES + 1).map((_, at) => at % 251);
  const start = ring.take(bytes.length) ?? -1;
  expect([...ring.fill(start, bytes)]).toHaveLength(3);
  expect(Buffer.compare(new Uint8Array(ring.memory).subarray(start, start + bytes.length), bytes)).toBe(0);
});
