import { attribute, SlipstreamError, semconv } from "@slipstream/conventions";
import { run, stateOf } from "@slipstream/testing/engine/run";
import { START_MS, traces, trade } from "@slipstream/testing/engine/spans";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Engine } from "./engine.ts";
import { delivered, inTime, recordsOf, traffic, trafficOnChain, untilTheEnd } from "./testing/traffic.ts";

const KEYS = [...Object.values(attribute), ...Object.values(semconv)];
const options = { capitalUsd: 10_000, maxOperations: 2, maxServices: 2 };

describe("the engine", () => {
  it("comes to the same state from the same log", () => {
    fc.assert(
      fc.property(trafficOnChain({ seconds: 120, delayMs: 60_000 }), (items) => {
        const records = delivered(items);
        expect(stateOf(run(records, options).engine)).toBe(stateOf(run(records, options).engine));
      }),
      { numRuns: 50 },
    );
  });

  it("does not care how spans are cut into batches", () => {
    const cut = fc.record({
      items: traffic({ seconds: 200, delayMs: 60_000 }),
      cuts: fc.infiniteStream(fc.boolean()),
    });
    fc.assert(
      fc.property(cut, ({ items, cuts }) => {
        const spans = items.flatMap((item) => item.spans);
        const receivedMs = Math.max(...items.map((item) => item.receivedMs));
        const whole = run([traces(spans, receivedMs)], options);
        const parts: (typeof spans)[] = [[]];
        for (const span of spans) {
          if (cuts.next().value) parts.push([]);
          parts.at(-1)?.push(span);
        }
        const cutUp = run(
          parts.map((part) => traces(part, receivedMs)),
          options,
        );
        expect(stateOf(cutUp.engine)).toBe(stateOf(whole.engine));
        expect(cutUp.publications).toEqual(whole.publications);
      }),
    );
  });

  it("is not changed by repeats, whenever they come", () => {
    const repeated = fc.record({
      items: trafficOnChain({ seconds: 120, delayMs: 20_000 }),
      repeats: fc.array(fc.record({ which: fc.nat(), after: fc.nat() }), { minLength: 1, maxLength: 30 }),
    });
    fc.assert(
      fc.property(repeated, ({ items, repeats }) => {
        const records = delivered(items);
        const more = [...records];
        for (const { which, after } of repeats) {
          const first = which % more.length;
          const original = more[first];
          const before = more[Math.min(more.length - 1, first + 1 + (after % more.length))];
          if (original === undefined || before === undefined || original.batch.kind !== "traces") continue;
          const place = more.indexOf(before) + 1;
          more.splice(place, 0, { receivedMs: before.receivedMs, batch: original.batch });
        }
        const once = run(records, options);
        const twice = run(more, options);
        expect(withoutDuplicates(stateOf(twice.engine))).toBe(withoutDuplicates(stateOf(once.engine)));
        expect(twice.publications).toEqual(once.publications);
      }),
    );
  });

  it.each([
    { delayMs: 250_000 },
    {
      delayMs: 60_000,
      rateWindowSeconds: 30,
      percentileWindowSeconds: 45,
      amendmentSeconds: 75,
      allowedLatenessMs: 0,
    },
  ])(
    "amends each instant to the values it would have had with everything in time (%o)",
    ({ delayMs, ...windows }) => {
      const all = { ...options, ...windows };
      fc.assert(
        fc.property(traffic({ seconds: 200, delayMs }), (items) => {
          const endMs = START_MS + 215_000 + delayMs;
          const last = trade(endMs);
          // A service whose spans waited before they came is waited for, up to a minute.
          const instants = (sent: typeof items) =>
            [...run(untilTheEnd(delivered(sent), endMs, last, 60), all).instants].filter(
              ([timeMs]) => timeMs <= endMs,
            );
          expect(instants(items)).toEqual(instants(inTime(items)));
        }),
        { numRuns: 200 },
      );
    },
  );

  it("gives each instant once where nothing is later than allowed, in any order", () => {
    fc.assert(
      fc.property(traffic({ seconds: 120, delayMs: 2_000 }), (items) => {
        const { publications } = run(delivered(items), options);
        expect(publications.filter(({ amended }) => amended)).toEqual([]);
        const times = publications.map(({ timeMs }) => timeMs);
        expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
      }),
    );
  });
});

describe("a record of any kind", () => {
  it("never makes it throw", () => {
    const value = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.bigInt(), fc.constant(undefined));
    const strange = fc.record({
      items: trafficOnChain({ seconds: 300, delayMs: 1e9 }),
      attributes: fc.array(fc.dictionary(fc.constantFrom(...KEYS), value), { minLength: 1 }),
    });
    const anyOptions = fc.record({
      rateWindowSeconds: fc.integer({ min: 1, max: 100 }).map((panes) => 5 * panes),
      percentileWindowSeconds: fc.integer({ min: 1, max: 100 }).map((panes) => 5 * panes),
      allowedLatenessMs: fc.integer({ min: 0, max: 60_000 }),
      amendmentSeconds: fc.double({ min: 0, max: 3_600, noNaN: true }),
      dedupeSpans: fc.integer({ min: 1, max: 100 }),
      maxOperations: fc.integer({ min: 0, max: 3 }),
      maxServices: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(strange, anyOptions, ({ items, attributes }, chosen) => {
        const odd = items.map((item, i) => ({
          ...item,
          spans: item.spans.map((span) => ({ ...span, attributes: attributes[i % attributes.length] ?? {} })),
        }));
        const { engine, publications } = run([...items, ...odd].flatMap(recordsOf), chosen);
        stateOf(engine);
        expect(publications.every(({ timeMs }) => timeMs % 5_000 === 0)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("may not be asked for windows that panes cannot make", () => {
    expect(() => new Engine({ rateWindowSeconds: 7 })).toThrow(SlipstreamError);
    expect(() => new Engine({ percentileWindowSeconds: 0 })).toThrow("multiple of 5");
  });
});

function withoutDuplicates(state: string): string {
  return state.replaceAll(/"duplicate":\d+/g, "").replaceAll(/("state":"duplicate"},"value":)\d+/g, "$1");
}
