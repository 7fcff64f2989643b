import { deserialize, serialize } from "node:v8";
import type { Saved } from "@slipstream/stats";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AlertBook } from "./alert-book.ts";
import { histories, started, take, timesOf } from "./testing/histories.ts";
import { START_MS } from "./testing/run.ts";

const text = () => ({ title: "", lines: [], evidence: [], links: [] });

/** A book with something in each of its parts. */
function full(): AlertBook {
  const book = started();
  for (const steps of fc.sample(histories, { seed: 1, numRuns: 10 })) {
    const times = timesOf(steps);
    for (const [i, step] of steps.entries()) take(book, step, times[i] ?? 0);
  }
  return book;
}

/** Where the parts of what was saved are. */
function placesIn(saved: Saved): string[][] {
  if (typeof saved !== "object" || saved === null || ArrayBuffer.isView(saved)) return [[]];
  return [
    [],
    ...Object.entries(saved).flatMap(([name, part]) => placesIn(part).map((place) => [name, ...place])),
  ];
}

/** A copy with another value in one place. */
function changed(saved: Saved, [name, ...place]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value;
  const copy = deserialize(serialize(saved));
  copy[name] = changed(copy[name], place, value);
  return copy;
}

describe("a saved book", () => {
  it("shares nothing with the book, and is not changed by it", () => {
    const book = full();
    const saved = book.save();
    const copy = serialize(saved);
    book.setRules([], START_MS * 2);
    expect(serialize(saved).equals(copy)).toBe(true);
  });

  it("with anything else in one place is refused, or taken for what it says: nothing else fails", () => {
    const saved = full().save();
    const places = placesIn(saved);
    expect(places.length).toBeGreaterThan(300);
    const values = [undefined, null, true, -1, Number.NaN, "", "no", [], {}, new Uint8Array(3), 5n];
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.constantFrom(...values), (place, value) => {
        const book = new AlertBook(text);
        try {
          book.load(changed(saved, place, value) as Saved);
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
          return;
        }
        const told = book.evaluate({ nowMs: START_MS * 2, eventMs: undefined, catchingUp: false }, []);
        expect(Array.isArray(told)).toBe(true);
        expect(Array.isArray(book.view())).toBe(true);
        expect(() => book.save()).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });
});
