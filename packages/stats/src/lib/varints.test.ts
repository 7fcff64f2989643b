import fc from "fast-check";
import { expect, test } from "vitest";
import { VarintReader, VarintWriter } from "./varints.ts";

const integer = fc.oneof(
  fc.maxSafeNat(),
  fc.nat(300),
  fc.constantFrom(127, 128, 2 ** 31 - 1, 2 ** 31, 2 ** 53 - 1),
);

test("integers and doubles are read back unchanged", () => {
  const writer = new VarintWriter();
  fc.assert(
    fc.property(fc.array(fc.tuple(integer, fc.double())), (pairs) => {
      writer.clear();
      for (const [whole, real] of pairs) {
        writer.integer(whole);
        writer.double(real);
      }
      const reader = new VarintReader(writer.copy());
      expect(pairs.map(() => [reader.integer(), reader.double()])).toEqual(pairs);
      expect(reader.atEnd).toBe(true);
    }),
  );
});

test("data beyond the initial buffer is kept", () => {
  const writer = new VarintWriter();
  for (let i = 0; i < 100_000; i += 1) writer.integer(i);
  const reader = new VarintReader(writer.copy());
  for (let i = 0; i < 100_000; i += 1) expect(reader.integer()).toBe(i);
});

test("truncated bytes are rejected", () => {
  expect(() => new VarintReader(Uint8Array.of(200)).integer()).toThrow(TypeError);
  expect(() => new VarintReader(Uint8Array.of(1, 2, 3)).double()).toThrow(TypeError);
  expect(() => new VarintReader(new Uint8Array(20).fill(255)).integer()).toThrow(TypeError);
  expect(() => new VarintReader("text")).toThrow(TypeError);
});
