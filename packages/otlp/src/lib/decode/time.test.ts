import fc from "fast-check";
import { expect, test } from "vitest";
import { secondsBetween, setTime, type Time, toMs } from "./time.ts";

const timeOf = (nanos: bigint): Time => {
  const time = { ms: 0, nanos: 0 };
  setTime(time, Number(nanos >> 32n), Number(nanos & 0xffff_ffffn));
  return time;
};

test("a time splits into milliseconds and nanoseconds without loss, over all of fixed64", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (nanos) => {
      expect(timeOf(nanos)).toEqual({ ms: Number(nanos / 1_000_000n), nanos: Number(nanos % 1_000_000n) });
    }),
    { numRuns: 5000 },
  );
});

test("a whole millisecond stays whole, so that it falls on the boundary it belongs to", () => {
  fc.assert(
    fc.property(fc.nat(4_000_000_000), (seconds) => {
      expect(toMs(timeOf(BigInt(seconds) * 5_000_000_000n))).toBe(seconds * 5000);
    }),
  );
});

test("durations are exact to the nanosecond", () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 2n ** 62n }),
      fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }),
      (start, nanos) => {
        expect(secondsBetween(timeOf(start), timeOf(start + nanos))).toBe(Number(nanos) / 1e9);
      },
    ),
  );
});
