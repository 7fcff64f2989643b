import { attribute } from "@slipstream/conventions";
import type { Span } from "@slipstream/otlp/decode";
import { resource, START_MS, tick, traces, trade } from "@slipstream/testing/engine/spans";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Completeness, CompletenessAccount } from "./completeness.ts";
import { Engine } from "./engine.ts";

const S = 1_000;
const MINUTE = 60 * S;

/** A service of one process that sends numbers at times of receipt. */
class Sender {
  readonly account: CompletenessAccount = new CompletenessAccount();
  readonly #completeness: Completeness = new Completeness();

  send(numbers: Iterable<number>, atMs: number, instance = "a"): this {
    for (const number of numbers)
      this.#completeness.count(this.account, { key: instance, instance }, number, START_MS + atMs);
    return this;
  }

  /** Percent, of the last 15 minutes. */
  at(atMs: number): number | null {
    const { completeness } = this.account.readRecent(900, START_MS + atMs);
    return completeness === null ? null : Math.round(10_000 * completeness) / 100;
  }
}

function* from(first: number, last: number, step = 1): Generator<number> {
  for (let number = first; number <= last; number += step) yield number;
}

describe("completeness in a window", () => {
  it("falls at once when spans are lost, and is whole again once they are too long ago", () => {
    const sender = new Sender().send(from(1, 100), 0).send(from(111, 200), MINUTE);
    expect(sender.at(MINUTE)).toBe(95);
    sender.send(from(201, 300), 10 * MINUTE);
    expect(sender.at(10 * MINUTE)).toBe(96.67);
    expect(sender.at(17 * MINUTE)).toBe(100);
    expect(sender.account.read()).toMatchObject({ completeness: 290 / 300, missing: 10 });
  });

  it("does not hide a loss behind spans that were missed long before and come now", () => {
    const sender = new Sender().send(from(1, 100), 0).send(from(201, 300), MINUTE);
    sender.send(from(101, 200), 30 * MINUTE).send(from(311, 400), 30 * MINUTE);
    expect(sender.at(30 * MINUTE)).toBe(90);
  });

  it("is unknown while nothing comes that has a number, however much was lost before", () => {
    const sender = new Sender();
    expect(sender.account.readRecent(900, START_MS)).toMatchObject({
      completeness: null,
      reason: "its spans carry no slipstream.seq",
    });
    sender.send(from(1, 100, 2), 0);
    expect(sender.at(14 * MINUTE)).toBe(50.51);
    expect(sender.account.readRecent(900, START_MS + 16 * MINUTE)).toMatchObject({
      completeness: null,
      reason: "none of its numbered spans came in the last 15 min",
    });
  });

  it("does not count what ended before the first span that came, unless it comes", () => {
    const sender = new Sender().send(from(1_001, 1_100), 0);
    expect(sender.at(0)).toBe(100);
    // Nor if one of them comes.
    sender.send([500], S).send(from(901, 1_000), S);
    expect(sender.at(S)).toBe(100);
    expect(sender.account.recent.totals).toEqual({ ended: 201, arrived: 201 });
  });

  it("holds if the spans of a process come by several ways, so that more gaps are open than are remembered", () => {
    const sender = new Sender().send(from(1, 1_000, 2), 0).send(from(2, 999, 2), 20 * S);
    expect(sender.at(20 * S)).toBe(100);
    const lossy = new Sender().send(from(1, 1_000, 2), 0).send(from(2, 799, 2), 20 * S);
    expect(lossy.at(20 * S)).toBe(89.99);
  });

  it("is a restart's when a process ends and another one begins", () => {
    const sender = new Sender().send(from(1, 100), 0, "a").send(from(1, 50), 5 * S, "b");
    expect(sender.at(5 * S)).toBe(100);
    sender.send([100], 6 * S, "b");
    expect(sender.at(6 * S)).toBe(75.5);
  });

  it("is what a count of the numbers says, in whatever order they come, repeats among them", () => {
    const number = fc.integer({ min: 1, max: 300 });
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 200 }), (numbers) => {
        const { account } = new Sender().send(numbers, 0);
        const first = numbers[0] ?? 0;
        const came = new Set(numbers);
        const [highest, before] = [Math.max(...numbers), [...came].filter((one) => one < first).length];
        const ended = highest - first + 1 + before;
        expect(account.readRecent(900, START_MS)).toMatchObject({ ended, missing: ended - came.size });
        expect(account.recent.totals).toEqual({ ended, arrived: came.size });
      }),
    );
  });
});

describe("an engine's rule on it", () => {
  const numbered = (seq: number, atMs: number): Span =>
    trade(atMs, { [attribute.slipstreamSeq]: seq }, { resource: resource("desk") });
  const lost = [traces([numbered(1, START_MS), numbered(5, START_MS), numbered(10, START_MS)])];

  it("goes on after a restart, late spans included", () => {
    const engine = new Engine();
    for (const record of lost) engine.apply(record);
    const restored = Engine.restore(structuredClone(engine.save()), []);
    for (const each of [engine, restored]) {
      each.apply(traces([numbered(3, START_MS + S)], START_MS + 20 * S));
      each.apply(tick(START_MS + 30 * S));
      expect(
        each.collect().find(({ definition: { name } }) => name === "slipstream_spans_arrived"),
      ).toMatchObject({
        samples: [{ labels: { service: "desk" }, value: 4 }],
      });
    }
    expect(restored.save().parts.services).toEqual(engine.save().parts.services);
  });

  it("begins with nothing where an older version saved none, and keeps the rest", () => {
    const engine = new Engine({}, { trackSeen: true });
    for (const record of lost) engine.apply(record);
    const saved = structuredClone(engine.save());
    const { services } = saved.parts;
    // What version 1 saved.
    const data = services?.data as {
      services: { completeness: Record<string, unknown> }[];
      processes: { numbers: Float64Array };
    };
    for (const { completeness } of data.services) delete completeness.recent;
    data.processes.numbers = data.processes.numbers.slice(0, 6);
    const old = { parts: { ...saved.parts, services: { ...services, version: 1, data } } };
    const restored = Engine.restore(old as Parameters<typeof Engine.restore>[0], engine.takeSeen());
    expect([...restored.lost]).toEqual([]);
    expect(restored.current().services).toEqual(engine.current().services);
    restored.apply(traces([numbered(3, START_MS + S), numbered(11, START_MS + S)], START_MS + S));
    expect(restored.current().services.desk).toMatchObject({ ended: 11, missing: 6 });
    // A span that was missed before ended too: no more arrive than end.
    const totals = restored
      .collect()
      .filter(({ definition: { name } }) => /^slipstream_spans_(ended|arrived)$/.test(name));
    expect(totals).toMatchObject([{ samples: [{ value: 2 }] }, { samples: [{ value: 2 }] }]);
  });
});
