import fc from "fast-check";
import { expect, test } from "vitest";
import type { Segment } from "./log.ts";
import { BEGINNING, isAfter, positionOf } from "./position.ts";
import { retention } from "./retention.ts";

const segments: fc.Arbitrary<Segment[]> = fc
  .array(fc.record({ records: fc.integer({ min: 1, max: 9 }), bytes: fc.nat(100), lastsMs: fc.nat(50) }), {
    maxLength: 10,
  })
  .map((parts) => {
    let [last, toMs] = [0, 1_000];
    return parts.map(({ records, bytes, lastsMs }) => {
      const after = positionOf(last);
      last += records;
      const segment = { after, last: positionOf(last), bytes, fromMs: toMs, toMs: toMs + lastsMs };
      toMs = segment.toMs;
      return segment;
    });
  });

test("drops as few of the oldest segments as size and age ask for, and never the newest", () => {
  fc.assert(
    fc.property(segments, fc.nat(500), fc.nat(500), fc.nat(500), (kept, maxBytes, maxAgeMs, passedMs) => {
      const nowMs = 1_000 + passedMs;
      const through = retention(kept, { maxBytes, maxAgeMs, nowMs });
      const left = kept.filter(({ last }) => isAfter(last, through));
      expect(left.at(-1)).toBe(kept.at(-1));
      const fits = (some: readonly Segment[]): boolean =>
        some.reduce((sum, { bytes }) => sum + bytes, 0) <= maxBytes &&
        some.slice(0, -1).every(({ toMs = 0 }) => nowMs - toMs <= maxAgeMs);
      expect(left.length <= 1 || fits(left)).toBe(true);
      if (isAfter(through, BEGINNING)) expect(fits(kept.slice(kept.length - left.length - 1))).toBe(false);
    }),
  );
});
