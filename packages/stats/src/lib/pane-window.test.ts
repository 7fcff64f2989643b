import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PaneWindow } from "./pane-window.ts";
import { QuantileSketch } from "./quantile-sketch.ts";
import type { Saved } from "./saved.ts";

const PANE_MS = 5_000;
const KEEP_MS = 60_000;
const NOON = Date.UTC(2026, 0, 5, 12);

function sketches(): PaneWindow<QuantileSketch> {
  return new PaneWindow({ paneMs: PANE_MS, keepMs: KEEP_MS, create: () => new QuantileSketch() });
}

describe("at", () => {
  test("an event on an edge belongs to the pane that ends there", () => {
    const window = sketches();
    window.at(NOON)?.record(1);
    window.at(NOON + 0.001)?.record(2);
    expect(window.merged(NOON - PANE_MS, NOON).max).toBe(1);
    expect(window.merged(NOON, NOON + PANE_MS).min).toBe(2);
  });

  test("the next double after an edge lies after it", () => {
    const window = sketches();
    window.at(NOON + 2 ** -12)?.record(1);
    expect(window.merged(NOON, NOON + PANE_MS).count).toBe(1);
  });

  test("an invalid time has no pane", () => {
    const window = sketches();
    for (const time of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(window.at(time)).toBeUndefined();
    }
    expect(window.size).toBe(0);
  });

  test("an event older than the kept panes is late, even if its pane was just used", () => {
    const window = sketches();
    expect(window.at(NOON)).toBeDefined();
    window.advance(NOON + KEEP_MS - 1);
    expect(window.at(NOON)).toBeDefined();
    window.advance(NOON + KEEP_MS);
    expect(window.at(NOON)).toBeUndefined();
    expect(window.at(NOON + 1)).toBeDefined();
    window.advance(NOON);
    expect(window.at(NOON)).toBeUndefined();
  });

  test("a jump of years creates one pane, not all those between", () => {
    const window = sketches();
    window.at(NOON)?.record(1);
    window.at(NOON + 20 * 365 * 86_400_000)?.record(2);
    expect(window.size).toBe(2);
  });

  test("holds a bounded number of panes wherever the events lie", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2e12 }), { maxLength: 200 }), (times) => {
        const window = sketches();
        for (const time of times) window.at(time)?.record(1);
        expect(window.size).toBeLessThanOrEqual(2 * (KEEP_MS / PANE_MS) + 2);
        const newest = Math.max(...times);
        if (times.length > 0) expect(window.at(newest)).toBeDefined();
      }),
    );
  });
});

describe("merged", () => {
  type Step = { advance: number } | { at: number };
  const time = fc.oneof(
    fc.integer({ min: NOON, max: NOON + 2 * KEEP_MS }),
    fc.integer({ min: 0, max: 24 }).map((pane) => NOON + pane * PANE_MS),
  );
  const steps = fc.array(
    fc.oneof(
      time.map((at): Step => ({ at })),
      time.map((advance): Step => ({ advance })),
    ),
    {
      maxLength: 100,
    },
  );

  test("agrees with a filtered list of all events", () => {
    fc.assert(
      fc.property(steps, fc.nat(30), fc.nat(30), (sequence, first, length) => {
        const window = sketches();
        let events: { paneEnd: number; value: number }[] = [];
        let horizon = Number.NEGATIVE_INFINITY;
        for (const [value, step] of sequence.entries()) {
          if ("advance" in step) {
            window.advance(step.advance);
            horizon = Math.max(horizon, step.advance - KEEP_MS);
            events = events.filter(({ paneEnd }) => paneEnd > horizon);
          } else {
            const paneEnd = Math.ceil(step.at / PANE_MS) * PANE_MS;
            const accepted = window.at(step.at)?.record(value) ?? false;
            expect(accepted).toBe(paneEnd > horizon);
            if (accepted) events.push({ paneEnd, value });
          }
        }
        const from = NOON + (first - 3) * PANE_MS;
        const to = from + length * PANE_MS;
        const expected = new QuantileSketch();
        for (const { paneEnd, value } of events) if (paneEnd > from && paneEnd <= to) expected.record(value);
        expect(window.merged(from, to).toJSON()).toEqual(expected.toJSON());
      }),
    );
  });

  test("merges from earliest to latest, for any range and any order of events", () => {
    class Text {
      value = "";
      merge(other: Text): void {
        this.value += other.value;
      }
      save(): string {
        return this.value;
      }
      load(saved: Saved): void {
        this.value = String(saved);
      }
    }
    const window = new PaneWindow({ paneMs: 10, keepMs: 100, create: () => new Text() });
    for (const [time, letter] of [
      [35, "c"],
      [5, "a"],
      [25, "b"],
    ] as const) {
      const pane = window.at(time);
      if (pane !== undefined) pane.value = letter;
    }
    expect(window.merged(0, 40).value).toBe("abc");
    expect(window.merged(-1e12, 1e12).value).toBe("abc");
    expect(window.merged(10, 30).value).toBe("b");
    expect(window.merged(40, 0).value).toBe("");
  });

  test("returns a statistic of its own", () => {
    const window = sketches();
    window.at(NOON)?.record(1);
    window.merged(NOON - PANE_MS, NOON).record(2);
    expect(window.at(NOON)?.count).toBe(1);
  });

  test("rejects a range that begins or ends inside a pane", () => {
    expect(() => sketches().merged(NOON + 1, NOON + PANE_MS)).toThrow(RangeError);
    expect(() => sketches().merged(NOON, Number.NaN)).toThrow(RangeError);
  });
});

describe("a saved window", () => {
  const event = fc.record({ at: fc.integer({ min: 0, max: 400_000 }), value: fc.nat({ max: 9 }) });
  const step = fc.oneof(
    { weight: 5, arbitrary: event },
    { weight: 1, arbitrary: fc.record({ advance: fc.integer({ min: 0, max: 400_000 }) }) },
    { weight: 1, arbitrary: fc.constant("save" as const) },
  );

  /** What the window holds for each pane that any event could be in. */
  function contents(window: PaneWindow<QuantileSketch>): unknown {
    const panes = Array.from({ length: 80 }, (_, i) =>
      window.merged(i * PANE_MS, (i + 1) * PANE_MS).toJSON(),
    );
    return [window.size, panes];
  }

  test("continues after loading as if it had never been saved, whenever and however often it is saved", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const plain = sketches();
        const kept = sketches();
        let restored = sketches();
        for (const each of steps) {
          if (each === "save") {
            // One continues with the panes it saved, the other loads them.
            const saved = structuredClone(kept.save());
            expect(structuredClone(restored.save())).toEqual(saved);
            restored = sketches();
            restored.load(saved);
          } else {
            for (const window of [plain, kept, restored]) {
              if ("advance" in each) window.advance(each.advance);
              else window.at(each.at)?.record(each.value);
            }
          }
          expect(contents(kept)).toEqual(contents(plain));
          expect(contents(restored)).toEqual(contents(plain));
        }
      }),
    );
  });

  test("saves untouched panes as the same objects", () => {
    const window = sketches();
    window.at(NOON)?.record(1);
    window.at(NOON + PANE_MS)?.record(2);
    const [first, second] = (window.save() as { panes: unknown[] }).panes;
    window.at(NOON + PANE_MS)?.record(3);
    const again = (window.save() as { panes: unknown[] }).panes;
    expect(again[0]).toBe(first);
    expect(again[1]).not.toEqual(second);
  });

  test("loaded into a shorter window keeps the latest panes", () => {
    const window = sketches();
    for (let i = 0; i < 20; i += 1) window.at(NOON + i * PANE_MS)?.record(i);
    const short = new PaneWindow({ paneMs: PANE_MS, keepMs: PANE_MS, create: () => new QuantileSketch() });
    short.load(window.save());
    expect(short.size).toBe(4);
    expect(short.merged(NOON - PANE_MS, NOON + 20 * PANE_MS).min).toBe(16);
  });

  test("is rejected if it is not a saved window", () => {
    for (const wrong of [null, {}, { firstKept: 0, numbers: Float64Array.of(1), panes: [] }]) {
      expect(() => sketches().load(wrong)).toThrow(TypeError);
    }
  });
});

test.each([
  { paneMs: 0, keepMs: 10 },
  { paneMs: 2.5, keepMs: 10 },
  { paneMs: 10, keepMs: 5 },
  { paneMs: 10, keepMs: Number.POSITIVE_INFINITY },
])("rejects panes of $paneMs kept for $keepMs", ({ paneMs, keepMs }) => {
  expect(() => new PaneWindow({ paneMs, keepMs, create: () => new QuantileSketch() })).toThrow(RangeError);
});
