import type { Saved } from "@slipstream/stats";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OTHER, type Told, ToldApart } from "./told-apart.ts";

/** Counts events, as any statistic by label might. */
class Count implements Told<Count> {
  readonly value: string;
  events = 0;

  constructor(value: string) {
    this.value = value;
  }

  merge({ events }: Count): void {
    this.events += events;
  }

  save(): number {
    return this.events;
  }

  load(saved: Saved): void {
    this.events = Number(saved);
  }
}

class Counts {
  readonly values: ToldApart<Count>;

  constructor(most: number) {
    this.values = new ToldApart(most, (value) => new Count(value));
  }

  count(value: string): string {
    const told = this.values.count(value);
    told.events += 1;
    return told.value;
  }

  get all(): Record<string, number> {
    return Object.fromEntries(Array.from(this.values, ({ value, events }) => [value, events]));
  }
}

describe("values that are told apart", () => {
  it("are the first ones, until another comes twice as often as one of them", () => {
    const counts = new Counts(2);
    expect(["a", "b", "c", "a", "c"].map((value) => counts.count(value))).toEqual([
      "a",
      "b",
      OTHER,
      "a",
      "c",
    ]);
    // What "b" had is in "other" now, and so is the first "c".
    expect(counts.all).toEqual({ a: 2, c: 1, other: 2 });
  });

  it("are those that come often, however many others came once before them and come between", () => {
    const counts = new Counts(8);
    for (let i = 0; i < 20_000; i += 1) counts.count(`hostile ${i}`);
    for (let i = 0; i < 20_000; i += 1) {
      counts.count(`more ${i}`);
      counts.count(`real ${i % 4}`);
    }
    for (const real of [0, 1, 2, 3]) expect(counts.all[`real ${real}`]).toBeGreaterThan(4_900);
  });

  it("do not change places with others that come as often", () => {
    const counts = new Counts(2);
    for (let i = 0; i < 3_000; i += 1) counts.count(["a", "b", "c"][i % 3] as string);
    expect(counts.all).toEqual({ a: 1_000, b: 1_000, other: 1_000 });
  });

  it("are at most as many as there are places, none counted too high, and all events are in the sum", () => {
    const events = fc.array(fc.nat(30), { maxLength: 400 });
    fc.assert(
      fc.property(events, fc.integer({ min: 1, max: 5 }), (drawn, most) => {
        const counts = new Counts(most);
        const seen: Record<string, number> = {};
        for (const event of drawn.map(String)) {
          seen[event] = (seen[event] ?? 0) + 1;
          expect([event, OTHER]).toContain(counts.count(event));
        }
        const { other = 0, ...told } = counts.all;
        expect(Object.keys(told).length).toBeLessThanOrEqual(most);
        for (const [value, count] of Object.entries(told))
          expect(count).toBeLessThanOrEqual(seen[value] ?? 0);
        expect(Object.values(told).reduce((sum, count) => sum + count, other)).toBe(drawn.length);
      }),
    );
  });

  it("continue after loading as if they had never been saved", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(12), { maxLength: 200 }), fc.nat(200), (drawn, cut) => {
        const whole = new Counts(3);
        let restored = new Counts(3);
        for (const [i, event] of drawn.entries()) {
          if (i === cut) {
            const saved = structuredClone(restored.values.save());
            restored = new Counts(3);
            restored.values.load(saved);
          }
          expect(restored.count(String(event))).toBe(whole.count(String(event)));
        }
        expect(restored.values.save()).toEqual(whole.values.save());
      }),
    );
  });
});
