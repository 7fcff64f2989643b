import { START_MS, span } from "@slipstream/testing/engine/spans";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Dedupe } from "./dedupe.ts";
import { KeyTable } from "./key-table.ts";
import type { SeenKeys } from "./seen-keys.ts";
import { SpanKey } from "./span-key.ts";

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
        // The same from a copy, and from all keys at once.
        const copy = new KeyTable(3_000);
        copy.load(structuredClone(table.save()));
        const atOnce = new KeyTable(3_000);
        atOnce.addAll(
          Uint32Array.from(
            [...plain].flatMap(([name, mark]) => {
              const [high = 0, low = 0] = name.split("/").map(Number);
              return [high, low | mark];
            }),
          ),
        );
        for (const other of [copy, atOnce]) {
          expect(other.size).toBe(plain.size);
          for (const { high, low } of keys) expect(other.find(high, low)).toBe(plain.get(`${high}/${low}`));
        }
      }),
      { numRuns: 50 },
    );
  });

  it("holds more than its limit where it is given more, and then goes back to it", () => {
    const table = new KeyTable(10);
    table.addAll(Uint32Array.from({ length: 20_000 }, (_, i) => (i % 2 === 0 ? 1 + 200_000 * i : 4 * i)));
    expect([table.size, table.full]).toEqual([10_000, true]);
    table.add(7, 8);
    expect(table.find(7, 8)).toBe(0);
    table.clear();
    expect(table.bytes).toBeLessThan(200);
    for (let i = 0; i < 10; i += 1) table.add(1 + i, 4 * i);
    expect([table.find(10, 36), table.find(7, 8), table.full]).toEqual([0, -1, true]);
  });

  it("does not take up what is no table", () => {
    const { size, words } = new KeyTable(5).save() as { size: number; words: Uint32Array };
    for (const wrong of [undefined, { size: 1, words }, { size, words: new Uint32Array(0) }, { size }]) {
      expect(() => new KeyTable(5).load(wrong)).toThrow(TypeError);
    }
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

describe("Dedupe, key by key", () => {
  /** Whether two remember the same of the first spans that there were. */
  function expectAlike(one: Dedupe, other: Dedupe, spans: number): void {
    expect(other.sizes).toEqual(one.sizes);
    for (let i = 0; i < spans; i += 1) expect(other.find(keyOf(i))).toBe(one.find(keyOf(i)));
  }

  it("is taken up from the keys that were taken in parts as from the whole, whenever they were taken", () => {
    const step = fc.record({
      spans: fc.nat({ max: 12 }),
      limit: fc.option(fc.integer({ min: 1, max: 40 })),
      // Whether the one that was taken up goes on in its place.
      goOn: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let limit = 20;
        let dedupe = new Dedupe(limit);
        dedupe.track();
        const plain = new Dedupe(limit);
        const disk: SeenKeys[] = [];
        let spans = 0;
        for (const step of steps) {
          limit = step.limit ?? limit;
          dedupe.resize(limit);
          plain.resize(limit);
          for (const end = spans + step.spans; spans < end; spans += 1) {
            dedupe.add(keyOf(spans), spans % 4);
            plain.add(keyOf(spans), spans % 4);
          }
          disk.push(...dedupe.takeAdded());
          const fromParts = new Dedupe(limit);
          fromParts.loadKeys(dedupe.sizes, structuredClone(disk));
          expectAlike(plain, fromParts, spans);
          const fromWhole = new Dedupe(limit);
          fromWhole.load(structuredClone(plain.save()));
          expectAlike(plain, fromWhole, spans);
          if (!step.goOn) continue;
          dedupe = fromParts;
          dedupe.track();
        }
      }),
    );
  });

  it("reads once what is there twice, and not what came after", () => {
    const dedupe = new Dedupe(100_000);
    dedupe.track();
    for (let i = 0; i < 40_000; i += 1) dedupe.add(keyOf(i), 1);
    const { sizes } = dedupe;
    const chunks = dedupe.takeAdded();
    expect(chunks.length).toBeGreaterThan(1);
    for (let i = 40_000; i < 45_000; i += 1) dedupe.add(keyOf(i), 1);
    const restored = new Dedupe(100_000);
    restored.loadKeys(sizes, [...chunks, ...chunks, ...dedupe.takeAdded()]);
    expect(restored.sizes).toEqual(sizes);
    expect([restored.find(keyOf(39_999)), restored.find(keyOf(40_000))]).toEqual([1, -1]);
  });

  it("is refused where keys are missing", () => {
    const dedupe = new Dedupe(100_000);
    dedupe.track();
    for (let i = 0; i < 40_000; i += 1) dedupe.add(keyOf(i), 1);
    const { sizes } = dedupe;
    const chunks = dedupe.takeAdded();
    for (const missing of [chunks.slice(1), chunks.slice(0, -1), [], [chunks[0], chunks[2]]]) {
      expect(() => new Dedupe(100_000).loadKeys(sizes, missing as SeenKeys[])).toThrow(TypeError);
    }
  });

  it("keeps no more than is remembered where nobody takes the keys", () => {
    const dedupe = new Dedupe(1_000);
    dedupe.track();
    for (let i = 0; i < 10_200; i += 1) dedupe.add(keyOf(i), 0);
    const kept = dedupe.takeAdded();
    expect(kept.reduce((sum, { keys }) => sum + keys.length / 2, 0)).toBe(dedupe.size);
    const restored = new Dedupe(1_000);
    restored.loadKeys(dedupe.sizes, kept);
    expectAlike(dedupe, restored, 10_200);
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
