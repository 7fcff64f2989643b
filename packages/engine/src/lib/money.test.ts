import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ExactSum, exactNumber, microUsdOf } from "./money.ts";

const integer = fc.oneof(
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(Math.round),
);

describe("ExactSum", () => {
  it("is exact for integers of any size, in any order and grouping", () => {
    fc.assert(
      fc.property(fc.array(integer), fc.nat(), (values, cut) => {
        const exact = values.reduce<bigint>((sum, value) => sum + BigInt(value), 0n);
        const [a, b] = [new ExactSum(), new ExactSum()];
        for (const [i, value] of values.entries()) (i < cut % 10 ? b : a).add(value);
        a.merge(b);
        expect(a.value).toBe(exact);
      }),
    );
  });
});

describe("microUsdOf", () => {
  it("rounds to millionths, and is unknown past what a double holds", () => {
    expect(microUsdOf(12.345678)).toBe(12_345_678);
    expect(microUsdOf(-0.0000001)).toBe(0);
    expect(microUsdOf(1e308)).toBeUndefined();
  });
});

describe("exactNumber", () => {
  it("is text where a double would round", () => {
    expect(exactNumber(5n)).toBe(5);
    expect(exactNumber(2n ** 53n + 1n)).toBe("9007199254740993");
  });
});
