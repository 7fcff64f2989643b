import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Dedupe } from "./dedupe.ts";
import { KeyTable } from "./key-table.ts";
import { SpanKey } from "./span-key.ts";
import { START_MS, span } from "./testing/spans.ts";

const key = fc.record({
  // Few and extreme high words, so that clusters form and run over the table's end.
  high: fc.oneof(
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 2 ** 32 - 3, max: 2 ** 32 - 1 }),
    fc.integer({ min: 1, max: 2 ** 32 - 1 }),
  ),
  low: fc.nat({ max: 40 }).map((n) => 4 * n),
  mark: fc.nat({ max: 3 }),
});

describe("KeyTable", () => {
  it("holds what was added, with its mark, and nothing else", () => {
    fc.assert(
      fc.property(fc.array(key, { maxLength: 3_000 }), (keys) => {
        const table = new KeyTable(3_000);
        const plain = new Map<string, number>();
        for (const { high, low, mark } of keys) {
          const name = `${high}/${low}`;
          expect(table.find(high, low)).toBe(plain.get(name) ?? -1);
          if (plain.has(name)) continue;
          plain.set(name, mark);
          table.add(high, low | mark);
        }
        expect(table.size).toBe(plain.size);
        for (const { high, low } of keys) expect(table.find(high, low)).toBe(plain.get(`${high}/${low}`));
      }),
      { numRuns: 50 },
    );
  });
});

function keyOf(number: number): SpanKey {
  return new SpanKey().ofSpan(span("any", START_MS, { span0: 1, span1: number, trace3: 5 }));
}

describe("Dedupe", () => {
  it("recognises the last half of its limit for certain, and nothing older than the limit", () => {
    const limit = 1_000;
    const dedupe = new Dedupe(limit);
    for (let i = 0; i < 5_000; i += 1) {
      expect(dedupe.find(keyOf(i))).toBe(-1);
      dedupe.add(keyOf(i), i % 4);
      const recent = Math.max(0, i - limit / 2 + 1);
      expect(dedupe.find(keyOf(recent))).toBe(recent % 4);
      if (i > limit) expect(dedupe.find(keyOf(i - limit))).toBe(-1);
    }
    expect(dedupe.size).toBeLessThanOrEqual(limit);
  });

  it("takes little more than 9 bytes a span when full, and little when empty", () => {
    const limit = 200_000;
    const dedupe = new Dedupe(limit);
    expect(dedupe.bytes).toBeLessThan(32_768);
    for (let i = 0; i < 2 * limit; i += 1) dedupe.add(keyOf(i), 0);
    expect(dedupe.bytes / limit).toBeLessThan(9.2);
  });
});

describe("SpanKey", () => {
  it("differs where a single word of the ids differs", () => {
    const words = ["trace0", "trace1", "trace2", "trace3", "span0", "span1"] as const;
    const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    fc.assert(
      fc.property(fc.tuple(word, word, word, word, word, word), fc.nat(5), word, (ids, which, other) => {
        const one = Object.fromEntries(words.map((name, i) => [name, ids[i]]));
        const name = words[which] as (typeof words)[number];
        fc.pre(one[name] !== other);
        const a = new SpanKey().ofSpan(span("any", START_MS, one));
        const b = new SpanKey().ofSpan(span("any", START_MS, { ...one, [name]: other }));
        expect([a.high, a.low]).not.toEqual([b.high, b.low]);
      }),
    );
  });

  it("of a parent is the parent's own", () => {
    const ids = { trace0: 9, trace1: 8, trace2: 7, trace3: 6 };
    const parent = new SpanKey().ofSpan(span("any", START_MS, { ...ids, span0: 3, span1: 4 }));
    const child = new SpanKey().ofParent(span("any", START_MS, { ...ids, parent0: 3, parent1: 4 }));
    expect(child).toEqual(parent);
  });
});
