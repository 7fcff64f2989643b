import fc from "fast-check";
import { expect, test } from "vitest";
import { BodyParts } from "./body-parts.ts";

test("the whole is the parts, whatever their sizes", () => {
  const part = fc.oneof(
    fc.uint8Array({ maxLength: 20 }),
    fc.uint8Array({ minLength: 400, maxLength: 5_000 }),
    fc.nat(200_000).map((length) => new Uint8Array(length).fill(length)),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 50 }), (parts) => {
      const body = new BodyParts();
      for (const bytes of parts) body.add(Buffer.from(bytes));
      const whole = Buffer.concat(parts);
      expect(body.length).toBe(whole.length);
      expect(whole.equals(wholeOf(body))).toBe(true);
    }),
  );
});

test("a large one is put together in steps", () => {
  const body = new BodyParts();
  for (let i = 0; i < 100; i++) body.add(Buffer.alloc(65_536, i));
  expect([...body.whole()].length).toBeGreaterThan(3);
});

function wholeOf(body: BodyParts): Buffer {
  const steps = body.whole();
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

test("many parts of few bytes are too small; few of them, and large ones, are not", () => {
  const body = (count: number, bytes: number): BodyParts => {
    const parts = new BodyParts();
    for (let i = 0; i < count; i++) parts.add(Buffer.alloc(bytes));
    return parts;
  };
  expect(body(20_000, 1).areTooSmall).toBe(true);
  expect(body(5_000, 1).areTooSmall).toBe(false);
  expect(body(20_000, 100).areTooSmall).toBe(false);
});

test("one that will not be whole is given back at once", () => {
  const body = new BodyParts();
  for (let i = 0; i < 128; i++) body.add(Buffer.alloc(65_536, i));
  const held = process.memoryUsage().arrayBuffers;
  body.discard();
  expect(held - process.memoryUsage().arrayBuffers).toBeGreaterThan(6 * 2 ** 20);
});
