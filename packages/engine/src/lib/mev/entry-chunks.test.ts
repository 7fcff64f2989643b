import fc from "fast-check";
import { expect, test } from "vitest";
import { EntryChunks } from "./entry-chunks.ts";

interface Entry {
  readonly value: bigint;
}

const LIMIT = 40;

/** As the books of verdicts do it. */
function put(map: Map<string, Entry>, key: string, value: number): void {
  map.delete(key);
  map.set(key, { value: BigInt(value) });
  for (const oldest of map.keys()) {
    if (map.size <= LIMIT) return;
    map.delete(oldest);
  }
}

const step = fc.oneof(
  { weight: 20, arbitrary: fc.record({ key: fc.integer({ min: 0, max: 99 }), value: fc.nat() }) },
  { weight: 2, arbitrary: fc.constant("save" as const) },
  { weight: 1, arbitrary: fc.constant("restart" as const) },
);

test("gives back the map in its order, whenever it was saved and taken up again", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      let map = new Map<string, Entry>();
      let chunks = new EntryChunks<Entry>();
      for (const one of [...steps, "restart" as const]) {
        if (typeof one === "object") put(map, `key ${one.key}`, one.value);
        else {
          const saved = structuredClone(chunks.save([...map]));
          if (one === "save") continue;
          chunks = new EntryChunks();
          const pairs = chunks.load(saved);
          expect(pairs).toEqual([...map]);
          map = new Map(pairs);
        }
      }
    }),
  );
});

test("what is given stays in proportion to the map", () => {
  const map = new Map<string, Entry>();
  const chunks = new EntryChunks<Entry>();
  for (let i = 0; i < 5_000; i += 1) {
    put(map, `key ${(i * 7) % 60}`, i);
    if (i % 3 !== 0) continue;
    const { chunks: texts } = chunks.save([...map]) as { chunks: string[] };
    expect(texts.length).toBeLessThan(12);
    expect(texts.join("").length).toBeLessThan(
      2.5 * JSON.stringify([...map], (_, v) => (typeof v === "bigint" ? { bigint: String(v) } : v)).length +
        200,
    );
  }
});
