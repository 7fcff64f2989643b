import fc from "fast-check";

/**
 * Anything that a sketch can count, from 0 and subnormal numbers to the largest double, with an emphasis on
 * latencies. Smaller ones than these count as 0.
 */
export const recordable: fc.Arbitrary<number> = fc.oneof(
  fc.double({ min: 1e-310, noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: 0.0001, max: 10, noNaN: true }),
  fc.constantFrom(0, -0, 1, 0.2, 1e-310, Number.MAX_VALUE),
);

export const unrecordable: fc.Arbitrary<number> = fc.oneof(
  fc.double({ max: -Number.MIN_VALUE }),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -Number.MIN_VALUE),
);
