import { attribute } from "@slipstream/conventions";
import type { Span } from "@slipstream/otlp/decode";
import { run } from "@slipstream/testing/engine/run";
import { resource, START_MS, traces, trade } from "@slipstream/testing/engine/spans";
import { describe, expect, it } from "vitest";
import { completeOptions } from "./options.ts";

let clock = START_MS;

function numbered(seq: number | bigint, instance = "a", service = "desk"): Span {
  clock += 1;
  return trade(clock, { [attribute.slipstreamSeq]: seq }, { resource: resource(service, instance) });
}

function countsOf(spans: readonly Span[]) {
  return run([traces(spans, clock)]).engine.current().services;
}

describe("completeness", () => {
  it("is the share of the numbered spans that were seen, over all instances", () => {
    const spans = [1, 2, 4, 5]
      .map((seq) => numbered(seq))
      .concat([1, 2, 3, 4, 5].map((seq) => numbered(seq, "b")));
    const { desk } = countsOf(spans);
    expect(desk).toMatchObject({ completeness: 0.9 });
    expect(desk).not.toHaveProperty("reason");
  });

  it("says so where the first spans of a process were not seen", () => {
    expect(countsOf([numbered(3), numbered(4n)]).desk).toMatchObject({
      completeness: 0.5,
      reason: "2 spans ended before the first one seen of their process",
    });
  });

  it("counts what is missing and names the gaps, until they are closed by what comes late", () => {
    const spans = [1, 2, 6, 7, 9].map((seq) => numbered(seq)).concat([1, 5].map((seq) => numbered(seq, "b")));
    const since = new Date(clock).toISOString();
    expect(countsOf(spans).desk).toMatchObject({
      completeness: 0.5,
      missing: 7,
      gaps: [
        { instance: "a", from: 3, to: 5, since },
        { instance: "b", from: 2, to: 4, since },
        { instance: "a", from: 8, to: 8, since },
      ],
    });
    spans.push(...[4, 8, 3, 5].map((seq) => numbered(seq)), ...[3, 2, 4].map((seq) => numbered(seq, "b")));
    const { desk } = countsOf(spans);
    expect(desk).toMatchObject({ completeness: 1, missing: 0 });
    expect(desk).not.toHaveProperty("gaps");
  });

  it("names the largest gaps of many, and counts all of them", () => {
    const spans = Array.from({ length: 40 }, (_, i) => [numbered(i + 2, `${i}`), numbered(1, `full-${i}`)]);
    const { desk } = countsOf(spans.flat());
    expect(desk?.missing).toBe((40 * 41) / 2);
    expect(desk?.gaps?.map(({ instance, to }) => [instance, to])).toEqual(
      Array.from({ length: 10 }, (_, i) => [`${39 - i}`, 40 - i]),
    );
  });

  it("does not count repeats, and does count canaries", () => {
    const first = numbered(1);
    const canary = {
      ...numbered(2),
      attributes: { [attribute.slipstreamSeq]: 2, [attribute.slipstreamCanary]: true },
    };
    const { desk } = countsOf([first, first, canary, canary]);
    expect(desk).toMatchObject({ received: 2, duplicate: 2, completeness: 1 });
  });

  it("is unknown where spans carry no number", () => {
    expect(countsOf([trade(clock), numbered(0), numbered(-1)]).desk).toMatchObject({
      completeness: null,
      missing: null,
      reason: "its spans carry no slipstream.seq",
    });
  });

  it("survives more processes than can be followed, and then says that it does not know", () => {
    const { desk, quiet } = countsOf([
      numbered(1, "a", "quiet"),
      ...Array.from({ length: 5_000 }, (_, i) => numbered(1, `instance-${i}`)),
    ]);
    expect(desk).toMatchObject({ completeness: null, reason: "more than 4096 processes at a time" });
    expect(quiet).toMatchObject({ completeness: 1 });
  });

  it("makes room for new processes by closing silent ones, and keeps their share", () => {
    const restarts = Array.from({ length: 6 }, (_, day) =>
      traces(
        Array.from({ length: 1_000 }, (__, i) =>
          trade(
            START_MS + day * 3_600_000 + i,
            { [attribute.slipstreamSeq]: 2 },
            { resource: resource("desk", `${day}-${i}`) },
          ),
        ),
      ),
    );
    const { desk } = run(restarts).engine.current().services;
    expect(desk).toMatchObject({ completeness: 0.5, missing: 6_000 });
    // Of equally large gaps, those noticed last.
    expect(desk?.gaps).toHaveLength(10);
    expect(desk?.gaps?.every(({ instance }) => instance.startsWith("5-"))).toBe(true);
  });
});

describe("services", () => {
  it("beyond the limit are counted as one, exactly", () => {
    const spans = Array.from({ length: 1_000 }, (_, i) => numbered(1, "a", `service-${i}`));
    const services = run([traces(spans, clock)], { maxServices: 10 }).engine.current().services;
    expect(Object.keys(services)).toHaveLength(11);
    expect(services.other).toMatchObject({ received: 990 });
  });

  it("are told apart from the moment that the limit is raised, the one that sent last among them", () => {
    const desk = resource("desk");
    const options = {
      receivedMs: clock,
      batch: { kind: "options", options: completeOptions({ maxServices: 2 }) },
    } as const;
    const spans = [clock, clock + 1].map((endMs) => traces([trade(endMs, {}, { resource: desk })]));
    const { engine } = run([...spans.slice(0, 1), options, ...spans.slice(1)], { maxServices: 0 });
    expect(engine.current().services).toMatchObject({ other: { received: 1 }, desk: { received: 1 } });
  });

  it("may have any name", () => {
    const services = countsOf([numbered(1, "a", "__proto__")]);
    expect(Object.entries(services)).toMatchObject([["__proto__", { received: 1 }]]);
  });

  it("count what was refused", () => {
    const refusals = [{ resource: resource("bad"), count: 3, reason: "a span without an id" }];
    const { engine } = run([{ receivedMs: clock, batch: { kind: "traces", spans: [], refusals } }]);
    expect(engine.current().services.bad).toMatchObject({ received: 0, refused: 3 });
  });

  it("do not count the aggregator's own spans", () => {
    const own = resource("slipstream-aggregator");
    const { engine } = run([traces([trade(clock, {}, { resource: own })])]);
    expect(engine.current()).toMatchObject({ time: null, services: {} });
  });
});
