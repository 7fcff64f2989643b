import { deserialize, serialize } from "node:v8";
import { aggregatorMetrics, attribute, DOCTOR_SERVICE, spanName } from "@slipstream/conventions";
import type { MetricPoint, Resource, Span } from "@slipstream/otlp/decode";
import { run, statistic } from "@slipstream/testing/engine/run";
import {
  child,
  metrics,
  point,
  resource,
  START_MS,
  span,
  tick,
  traces,
  trade,
} from "@slipstream/testing/engine/spans";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CANARY_STATISTICS } from "./canaries.ts";
import { Desks } from "./desks/desks.ts";
import { Engine } from "./engine.ts";
import { recordOf } from "./history/rows.ts";
import type { EngineRecord } from "./model.ts";
import { delivered, trafficOnChain } from "./testing/traffic.ts";

const doctor = resource(DOCTOR_SERVICE, "d");
const canary = (endMs: number, from: Resource = doctor): Span =>
  trade(endMs, { [attribute.slipstreamCanary]: true }, { resource: from });

const found = (
  part: string,
  value: number,
  timeMs: number,
  name: string = aggregatorMetrics.canary.name,
): MetricPoint => ({
  ...point("openPositions", value, timeMs, { attributes: { part }, resource: doctor }),
  name,
});

const seriesOf = (engine: Engine, name: string): Record<string, unknown> => {
  const entry = engine.current().statistics[name];
  if (entry === undefined || !("series" in entry)) throw new Error(`${name} has no series`);
  return Object.fromEntries(entry.series.map(({ labels, value }) => [Object.values(labels).join(), value]));
};

/** What is on `/metrics` by part. */
const samplesOf = (engine: Engine): unknown[] =>
  engine
    .collect()
    .flatMap((family) =>
      "samples" in family && "part" in (family.definition.labels ?? {}) ? family.samples : [],
    );

/** Everything that can be read of an engine but what is about canaries. */
function others(engine: Engine): string {
  const { statistics, ...current } = engine.current();
  const rest = Object.entries(statistics).filter(([name]) => !CANARY_STATISTICS.has(name));
  const families = engine
    .collect()
    .filter(({ definition: { name } }) => !name.startsWith("slipstream_canary"));
  return JSON.stringify([current, rest, families, engine.watermarkMs, engine.aliveMs]);
}

/** Spans of every kind that canaries may have. */
const canaries = fc.array(
  fc
    .record({
      name: fc.constantFrom(spanName.tradeExecute, spanName.dbWrite, spanName.solanaRpc, "other"),
      from: fc.constantFrom(doctor, resource("desk", "a"), resource("nobody knows it", "x")),
      mark: fc.constantFrom(true, true, undefined),
      agoMs: fc.integer({ min: -100_000, max: 400_000 }),
      signature: fc.constantFrom(undefined, "own-1"),
      status: fc.constantFrom(undefined, "success", "failed", "nonsense"),
    })
    .map(({ name, from, mark, agoMs, signature, status }) => (receivedMs: number): Span => {
      // What is not marked is a canary if it is the doctor's.
      const attributes = {
        [attribute.slipstreamCanary]: mark ?? (from === doctor ? undefined : true),
        [attribute.solanaSignature]: signature,
        [attribute.tradeStatus]: status,
      };
      return span(name, receivedMs - agoMs, { resource: from, attributes });
    }),
  { minLength: 1, maxLength: 8 },
);

describe("a canary", () => {
  it("changes nothing else, whatever it is and whenever it comes", () => {
    const mixed = fc.record({
      items: trafficOnChain({ seconds: 120, delayMs: 60_000 }),
      among: fc.infiniteStream(fc.option(canaries, { nil: [] })),
      front: fc.boolean(),
    });
    fc.assert(
      fc.property(mixed, ({ items, among, front }) => {
        const records = delivered(items);
        const with_ = records.map((record): EngineRecord => {
          const { batch, receivedMs } = record;
          const made: readonly ((receivedMs: number) => Span)[] = among.next().value;
          const more = made.map((make) => make(receivedMs));
          if (batch.kind === "traces") {
            const spans = front ? [...more, ...batch.spans] : [...batch.spans, ...more];
            return { receivedMs, batch: { ...batch, spans } };
          }
          if (batch.kind !== "metrics") return record;
          const points = [found("redis", 1, receivedMs), ...batch.points, found("redis", -1, receivedMs)];
          return { receivedMs, batch: { ...batch, points, resources: [...batch.resources, doctor] } };
        });
        const [a, b] = [run(records, { capitalUsd: 100 }), run(with_, { capitalUsd: 100 })];
        expect(others(b.engine)).toBe(others(a.engine));
        expect(b.publications).toEqual(a.publications);
        expect(b.rows.filter(({ table }) => table !== "canaries")).toEqual(a.rows);
      }),
      { numRuns: 40 },
    );
  });

  it("says how long it took to the aggregator, and is a row of a table of its own", () => {
    const { engine, rows } = run([traces([canary(START_MS)], START_MS + 250)]);
    expect(seriesOf(engine, "canary_seconds")).toEqual({ aggregator: 0.25 });
    expect(seriesOf(engine, "canary_up")).toEqual({ aggregator: "up" });
    expect(engine.current().services).toEqual({});
    expect(engine.canaries.newest).toMatchObject([
      { service: DOCTOR_SERVICE, endMs: START_MS, receivedMs: START_MS + 250 },
    ]);
    expect(rows.map(({ table }) => table)).toEqual(["canaries"]);
    const [row] = rows.map(recordOf);
    expect(row).toMatchObject({
      service: DOCTOR_SERVICE,
      seconds: 0.25,
      timestamp: (START_MS + 250) * 1_000,
    });
    expect(row?.trace_id).toBe(engine.canaries.newest[0]?.traceId);
  });

  it("has no time if the clock of its sender is ahead", () => {
    const { engine, rows } = run([traces([canary(START_MS + 300)], START_MS)]);
    expect(seriesOf(engine, "canary_seconds")).toEqual({});
    expect(seriesOf(engine, "canary_up")).toEqual({ aggregator: "up" });
    expect(rows.map(recordOf)).toMatchObject([{ seconds: -0.3 }]);
  });

  it("is counted once, however often it comes", () => {
    const one = canary(START_MS);
    const { engine, rows } = run([traces([one, one]), traces([one])]);
    expect(seriesOf(engine, "canary_spans")).toEqual({ [DOCTOR_SERVICE]: 1 });
    expect(rows).toHaveLength(1);
  });

  it("takes what comes after it in its trace along, marked or not", () => {
    const from = resource("desk", "a");
    const root = canary(START_MS, from);
    const write = child(root, spanName.dbWrite, START_MS + 5);
    const other = child(trade(START_MS), spanName.dbWrite, START_MS + 5);
    const { engine } = run([traces([root, write, other])]);
    expect(seriesOf(engine, "canary_spans")).toEqual({ desk: 2 });
    expect(engine.current().services.desk?.received).toBe(1);
  });

  it("counts in its service's completeness if it has a number", () => {
    const from = resource("desk", "a");
    const numbered = (seq: number, mark: boolean): Span =>
      trade(
        START_MS,
        { [attribute.slipstreamSeq]: seq, ...(mark && { [attribute.slipstreamCanary]: true }) },
        { resource: from },
      );
    const { engine } = run([traces([numbered(1, false), numbered(2, true), numbered(3, false)])]);
    expect(engine.current().services.desk).toMatchObject({ completeness: 1, ended: 3 });
  });

  it("belongs to its desk", () => {
    const desks = new Desks({ desks: { own: "alpha", most: 2 } }, { history: true });
    const theirs = { ...doctor, desk: "beta" };
    desks.apply(traces([trade(START_MS, {}, { resource: { ...resource(), desk: "beta" } })]));
    const { canaries, rows } = desks.apply(traces([canary(START_MS), canary(START_MS, theirs)]));
    expect(canaries.map(({ desk }) => desk)).toEqual([undefined, "beta"]);
    expect(rows.map(recordOf).map(({ desk }) => desk)).toEqual(["", "beta"]);
    expect(desks.own.canaries.newest).toHaveLength(1);
    expect(desks.engineOf("beta")?.canaries.newest).toHaveLength(1);
  });

  it("is saved and restored", () => {
    const records = [
      traces([canary(START_MS), canary(START_MS + 1, resource("desk"))], START_MS + 40),
      metrics([
        found("redis", 3, START_MS + 50),
        found("traces", 0, START_MS + 50, aggregatorMetrics.canaryUp.name),
      ]),
    ];
    const { engine } = run(records);
    const restored = Engine.restore(deserialize(serialize(engine.save())), engine.takeSeen());
    expect(restored.canaries.newest).toEqual(engine.canaries.newest);
    for (const one of [engine, restored]) one.apply(traces([canary(START_MS + 60)]));
    expect(JSON.stringify(restored.collect())).toBe(JSON.stringify(engine.collect()));
    expect(restored.current()).toEqual(engine.current());
  });
});

describe("what doctor finds", () => {
  it("is in the statistics, by part, for ten minutes", () => {
    const engine = run([
      metrics([
        found("redis", 0.5, START_MS),
        found("questdb", 7, START_MS),
        found("questdb", 0, START_MS, aggregatorMetrics.canaryUp.name),
        found("redis", 1, START_MS, aggregatorMetrics.canaryUp.name),
        found("the moon", 1, START_MS),
        found("traces", Number.NaN, START_MS),
        found("traces", -1, START_MS),
        found("prometheus", 0.5, START_MS, aggregatorMetrics.canaryUp.name),
      ]),
    ]).engine;
    expect(seriesOf(engine, "canary_seconds")).toEqual({ redis: 0.5 });
    expect(seriesOf(engine, "canary_up")).toEqual({ redis: "up", questdb: "down" });
    expect(engine.current().services).toEqual({});
    expect(engine.watermarkMs).toBeUndefined();
    engine.apply(tick(START_MS + 600_001));
    expect(seriesOf(engine, "canary_seconds")).toEqual({});
    expect(samplesOf(engine)).toEqual([]);
  });
});

describe("trades that are marked by mistake", () => {
  it("are counted and reported, and do not push the doctor's canaries out", () => {
    const desk = resource("desk", "a");
    const first = canary(START_MS);
    const engine = new Engine();
    engine.apply(traces([first]));
    const effects = Array.from({ length: 200 }, (_, second) => {
      const atMs = START_MS + second * 1_000;
      return engine.apply(traces(Array.from({ length: 100 }, () => canary(atMs, desk))));
    });
    expect(effects.flatMap(({ notices }) => notices)).toEqual([{ kind: "canary", service: "desk" }]);
    expect(effects.every(({ canaries }) => canaries.length === 10)).toBe(true);
    expect(seriesOf(engine, "canary_spans")).toEqual({ [DOCTOR_SERVICE]: 1, desk: 20_000 });
    expect(engine.canaries.newest).toHaveLength(33);
    expect(engine.canaries.newest.at(-1)?.service).toBe(DOCTOR_SERVICE);
    expect(statistic(engine, "trades_per_minute").value).toBeNull();
  });

  it("take no more memory the more services there are", () => {
    const { engine } = run([
      traces(Array.from({ length: 500 }, (_, i) => canary(START_MS, resource(`${i} ${"x".repeat(300)}`)))),
    ]);
    const spans = seriesOf(engine, "canary_spans");
    expect(Object.keys(spans)).toHaveLength(33);
    expect(spans.other).toBe(500 - 32);
    expect(serialize(engine.save().parts.canaries).length).toBeLessThan(40_000);
  });
});
