import fc from "fast-check";
import { expect, it } from "vitest";
import { muteCircles } from "./mute-circles.ts";

const ids = ["a", "b", "c", "d", "e", "f"];

const graphs = fc
  .tuple(...ids.map(() => fc.subarray([...ids, "gone"])))
  .map((muted) => new Map(ids.map((id, at) => [id, muted[at] ?? []])));

/** Follows every way from a rule. */
function reached(mutes: ReadonlyMap<string, readonly string[]>, from: string): ReadonlySet<string> {
  const found = new Set<string>();
  const follow = (id: string): void => {
    for (const muted of mutes.get(id) ?? []) {
      if (found.has(muted)) continue;
      found.add(muted);
      follow(muted);
    }
  };
  follow(from);
  return found;
}

it("are of rules that lead to one another, over any number of rules", () => {
  fc.assert(
    fc.property(graphs, (mutes) => {
      const circles = muteCircles(mutes);
      for (const one of ids) {
        for (const other of [...ids, "gone"].filter((id) => id !== one)) {
          const isCircle = reached(mutes, one).has(other) && reached(mutes, other).has(one);
          expect(circles.get(one) === circles.get(other)).toBe(isCircle);
        }
      }
    }),
  );
});

it("are found at once among as many rules as there may be, each of which mutes many", () => {
  const many = Array.from({ length: 1_000 }, (_, at) => `rule-${at}`);
  const next = (at: number): readonly string[] => many.slice(at + 1, at + 33);
  const chain = new Map(many.map((id, at) => [id, next(at)]));
  expect(new Set(muteCircles(chain).values()).size).toBe(1_000);
  expect(new Set(muteCircles(new Map([...chain, ["rule-999", ["rule-0"]]])).values()).size).toBe(1);
});
