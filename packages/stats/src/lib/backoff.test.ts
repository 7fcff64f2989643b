import fc from "fast-check";
import { expect, test } from "vitest";
import { backoffMs } from "./backoff.ts";

test("doubles up to the limit", () => {
  const waits = [0, 1, 2, 3, 40, 10_000].map((retry) =>
    backoffMs(retry, { firstMs: 100, longestMs: 500 }, 1),
  );
  expect(waits).toEqual([100, 200, 400, 500, 500, 500]);
});

test("is spread over the upper half, and never longer than the limit", () => {
  const wait = fc.record({
    firstMs: fc.integer({ min: 1, max: 10_000 }),
    longestMs: fc.integer({ min: 1, max: 1e6 }),
  });
  fc.assert(
    fc.property(
      fc.nat(2_000),
      wait,
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (retry, backoff, random) => {
        const limit = backoffMs(retry, backoff, 1);
        const ms = backoffMs(retry, backoff, random);
        expect(ms).toBeGreaterThanOrEqual(limit / 2);
        expect(ms).toBeLessThanOrEqual(Math.min(limit, backoff.longestMs));
        expect(backoffMs(retry + 1, backoff, random)).toBeGreaterThanOrEqual(ms);
      },
    ),
  );
});
