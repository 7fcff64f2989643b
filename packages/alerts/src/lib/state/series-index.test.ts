import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SeriesIndex } from "./series-index.ts";

const labels = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.constantFrom("", "x", "y", "xy"));
const nameOf = (of: Record<string, string>) => JSON.stringify(Object.entries(of).sort());

describe("an index of series", () => {
  it("finds what was added and not deleted since, by labels in any order", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(labels, fc.boolean())), labels, (steps, asked) => {
        const index = new SeriesIndex<{ series: Record<string, string> }>();
        const model: Map<string, { series: Record<string, string> }> = new Map();
        for (const [series, adds] of steps) {
          const name = nameOf(series);
          const held = model.get(name);
          if (adds && held === undefined) {
            model.set(name, { series });
            index.add(model.get(name) ?? { series });
          } else if (!adds && held !== undefined) {
            index.delete(held);
            model.delete(name);
          }
        }
        expect(index.size).toBe(model.size);
        expect(new Set(index.values())).toEqual(new Set(model.values()));
        const turned = Object.fromEntries(Object.entries(asked).reverse());
        expect(index.find(turned)).toBe(model.get(nameOf(asked)));
      }),
    );
  });
});
