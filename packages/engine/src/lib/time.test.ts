import { run, statistic } from "@slipstream/testing/engine/run";
import {
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
import { Engine } from "./engine.ts";
import type { EngineRecord, Publication } from "./model.ts";

const S = 1_000;
const at = (seconds: number): number => START_MS + seconds * S;
const seconds = (publications: readonly Publication[]): number[] =>
  publications.map(({ timeMs }) => (timeMs - START_MS) / S);
const ticks = (from: number, to: number): EngineRecord[] =>
  Array.from({ length: to - from + 1 }, (_, i) => tick(at(from + i)));

describe("an instant", () => {
  it("is published once the watermark is 2 s past it", () => {
    const engine = new Engine();
    expect(engine.apply(traces([trade(at(3))])).publications).toEqual([]);
    expect(engine.apply(traces([trade(at(6.999))])).publications).toEqual([]);
    expect(seconds(engine.apply(traces([trade(at(7))])).publications)).toEqual([5]);
    expect(engine.watermarkMs).toBe(at(7));
  });

  it("is published in silence, by ticks, until no service is live", () => {
    const { publications } = run([traces([trade(at(3))]), ...ticks(4, 200)]);
    expect(seconds(publications)).toEqual([5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55]);
    // Divided by the seconds since the desk was first heard of, from 5 s on.
    expect(publications.map(({ values }) => values.trades_per_minute)).toEqual(
      [undefined, 7, 12, 17, 22, 27, 32, 37, 42, 47, 52].map((passed) => passed && 60 / passed),
    );
  });

  it("has a true 0 of trades while metrics tell that the desk lives", () => {
    const records = Array.from({ length: 20 }, (_, i) => [
      metrics([point("openPositions", 0, at(5 * i + 1))]),
      ...ticks(5 * i + 2, 5 * i + 6),
    ]).flat();
    const { publications } = run(records);
    expect(publications.length).toBe(19);
    const texts = publications.map(({ values }) => JSON.stringify(values));
    expect(texts[0]).toBe('{"active_positions":0}');
    expect(new Set(texts.slice(1))).toEqual(new Set(['{"trades_per_minute":0,"active_positions":0}']));
  });

  it("is not published thousands of times after a gap of a day", () => {
    const records = [traces([trade(at(1))]), traces([trade(at(86_401))]), traces([trade(at(86_407))])];
    const times = seconds(run(records).publications);
    expect(times).toEqual([5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 86_405]);
  });
});

describe("an engine that is not behind", () => {
  /** Milliseconds until the next record, and how old its span is, or that it is a tick. */
  const step = fc.record({
    afterMs: fc.integer({ min: 1, max: 1_500 }),
    service: fc.constantFrom("a", "b"),
    ageMs: fc.option(fc.oneof(fc.nat(1_000), fc.nat(40_000)), { freq: 2 }),
  });

  it("gets no later by a tick: whoever leaves that tick out changes no instant that is due", () => {
    let leftOut = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
        const engine = new Engine();
        let nowMs = START_MS;
        for (const { afterMs, service, ageMs } of steps) {
          nowMs += afterMs;
          if (ageMs !== null) {
            engine.apply(traces([trade(nowMs - ageMs, {}, { resource: resource(service) })], nowMs));
            continue;
          }
          const { watermarkMs } = engine;
          const isBehind = engine.isBehind(nowMs);
          const { publications } = engine.apply(tick(nowMs));
          if (isBehind) continue;
          leftOut += 1;
          expect(engine.watermarkMs).toBe(watermarkMs);
          expect(publications.filter(({ amended }) => !amended)).toEqual([]);
        }
      }),
    );
    expect(leftOut).toBeGreaterThan(20);
  });

  it("is behind before the first span, and once there is none for longer than spans may be late", () => {
    const engine = new Engine();
    expect(engine.isBehind(at(0))).toBe(true);
    engine.apply(traces([trade(at(1))]));
    expect(engine.isBehind(at(3))).toBe(false);
    expect(engine.isBehind(at(3) + 1)).toBe(true);
  });
});

describe("trades per minute", () => {
  const every = (fromSecond: number, toSecond: number): EngineRecord[] =>
    Array.from({ length: 4 * (toSecond - fromSecond) }, (_, i) =>
      traces([trade(at(fromSecond + i / 4 + 0.01))]),
    );

  it("are of the time that has passed, after a start and after a silence of more than a minute", () => {
    const engine = new Engine();
    const rates: Record<number, number | string | null> = {};
    const read = (second: number) => {
      rates[second] = statistic(engine, "trades_per_minute").value;
    };
    for (const start of [0.5, 200.5]) {
      for (const record of every(start, start + 4)) engine.apply(record);
      read(start + 4);
      expect(statistic(engine, "trades_per_minute").reason).toBe("not known until 5 s after the first data");
      for (let second = start + 4; second < start + 70; second += 5) {
        for (const record of every(second, second + 5)) engine.apply(record);
        read(second + 5);
      }
    }
    const { 4.5: first, 204.5: again, ...later } = rates;
    expect([first, again]).toEqual([null, null]);
    for (const rate of Object.values(later)) {
      expect(rate).toBeGreaterThan(232);
      expect(rate).toBeLessThan(254);
    }
    expect(Object.keys(later).length).toBe(28);
  });
});

describe("a service that sends in batches", () => {
  it.each([5, 10, 30, 60])("of %i s is waited for: no rate is too low, and no span late", (batch) => {
    const records = Array.from({ length: 600 / batch }, (_, i) => {
      const spans = Array.from({ length: batch }, (__, j) => trade(at(i * batch + j)));
      return traces(spans, at((i + 1) * batch));
    });
    const all = [...records, ...ticks(0, 600)].sort((a, b) => a.receivedMs - b.receivedMs);
    const engine = new Engine();
    for (const record of all) {
      engine.apply(record);
      const { value } = statistic(engine, "trades_per_minute");
      if (record.receivedMs > at(5 * batch)) expect(value).toBeGreaterThan(53);
    }
    expect(engine.current().services.desk?.late).toBeLessThan(2 * batch);
  });
});

describe("late spans", () => {
  // Heard of for a minute, so that rates are those of a minute.
  const live = [
    metrics([point("openPositions", 0, at(-59))]),
    ...[0, 1, 2, 3].map((i) => traces([trade(at(1 + 5 * i))])),
  ];

  const given = (publications: readonly Publication[]) =>
    publications.map(({ timeMs, amended, values }) => [
      (timeMs - START_MS) / S,
      amended,
      values.trades_per_minute,
    ]);

  it("amend the instants they belong to, once, with the next instant that is due", () => {
    const engine = new Engine();
    for (const record of live) engine.apply(record);
    expect(engine.apply(traces([trade(at(3)), trade(at(4))], at(17))).publications).toEqual([]);
    expect(given(ticks(17, 19).flatMap((record) => engine.apply(record).publications))).toEqual([
      [5, true, 3],
      [10, true, 4],
      [15, false, 5],
    ]);
    expect(engine.current().services.desk).toMatchObject({ received: 6, late: 2 });
  });

  it("amend by a tick where no instant is due", () => {
    const slow = resource("slow");
    const engine = new Engine();
    for (const record of live) engine.apply(record);
    for (const record of ticks(17, 76)) engine.apply(record);
    engine.apply(traces([trade(at(13), {}, { resource: slow })], at(80)));
    expect(ticks(81, 85).flatMap((record) => engine.apply(record).publications)).toEqual([]);
    expect(given(engine.apply(tick(at(86))).publications).slice(0, 2)).toEqual([
      [15, true, 4],
      [20, true, 5],
    ]);
    expect(engine.apply(tick(at(95))).publications).toEqual([]);
  });

  it("are given again only where a value changed", () => {
    const engine = new Engine();
    for (const record of live) engine.apply(record);
    engine.apply(traces([span("think", at(4))], at(17)));
    expect(given(ticks(17, 19).flatMap((record) => engine.apply(record).publications))).toEqual([
      [15, false, 3],
    ]);
  });

  it("past the amendment horizon are in the totals only", () => {
    const engine = new Engine({ amendmentSeconds: 10 });
    for (const record of live) engine.apply(record);
    for (const record of ticks(17, 40)) engine.apply(record);
    engine.apply(traces([trade(at(2))], at(40)));
    expect(engine.apply(tick(at(40.5))).publications).toEqual([]);
    expect(engine.current().services.desk).toMatchObject({ received: 5, late: 1 });
    expect(engine.current().statistics.trades).toMatchObject({ series: [{ value: 5 }, { value: 0 }] });
    expect(statistic(engine, "trade_latency_p99").count).toBe(4);
  });
});

describe("a clock that is wrong", () => {
  it("ahead by an hour: the span is placed at its receipt and makes no one late", () => {
    const fast = resource("fast");
    const engine = new Engine();
    engine.apply(traces([trade(at(1))]));
    engine.apply(traces([trade(at(3_602), {}, { resource: fast })], at(2)));
    engine.apply(traces([trade(at(3))]));
    expect(engine.watermarkMs).toBe(at(3));
    expect(engine.current().services).toMatchObject({
      fast: { clockAhead: 1, late: 0 },
      desk: { clockAhead: 0, late: 0 },
    });
    expect(statistic(engine, "success_rate").count).toBe(3);
  });

  it("ahead by less than 5 s: the span keeps its time and the watermark stays at the receipt", () => {
    const engine = new Engine();
    engine.apply(traces([trade(at(4))], at(1)));
    expect(engine.watermarkMs).toBe(at(1));
    expect(engine.current().services.desk).toMatchObject({ clockAhead: 0 });
  });

  it("a day late beside a right one: its spans are late, in the totals only", () => {
    const slow = resource("slow");
    const { engine, publications } = run([
      traces([trade(at(1))]),
      traces([trade(at(-86_400), {}, { resource: slow })], at(2)),
      ...ticks(3, 10),
    ]);
    expect(engine.current().services.slow).toMatchObject({ late: 1 });
    expect(statistic(engine, "success_rate").count).toBe(1);
    expect(engine.current().statistics.trades).toMatchObject({ series: [{ value: 2 }, { value: 0 }] });
    expect(publications.every(({ timeMs }) => timeMs > START_MS)).toBe(true);
  });

  it("a day late alone: the statistics run in its own time", () => {
    const records = [1, 4, 8, 12].flatMap((second) => [traces([trade(at(second))], at(86_400 + second))]);
    const { engine, publications } = run([...records, tick(at(86_413))]);
    expect(seconds(publications)).toEqual([5, 10]);
    expect(engine.watermarkMs).toBe(at(12));
    expect(engine.current().services.desk).toMatchObject({ late: 0 });
  });
});

describe("a backlog", () => {
  /** Ten minutes of trades, one each second, that arrive within five seconds, in order. */
  const backlog = Array.from({ length: 120 }, (_, i) =>
    traces(
      Array.from({ length: 5 }, (__, j) => trade(at(5 * i + j + 1))),
      at(700) + 40 * i,
    ),
  );
  const withTicks = backlog.flatMap((record, i) =>
    i % 25 === 24 ? [record, tick(record.receivedMs)] : [record],
  );

  it("gives the instants that it would have given in time, and is no burst", () => {
    const { engine, publications } = run(withTicks);
    expect(seconds(publications)).toEqual(Array.from({ length: 119 }, (_, i) => 5 * (i + 1)));
    const known = publications.filter(({ timeMs }) => timeMs >= at(10));
    for (const { timeMs, values } of known) {
      // From the first trade on: until then nothing was heard, and the first one opens the time.
      const passed = Math.min(60, timeMs === at(60) ? 60 : (timeMs - at(1)) / S);
      const count = Math.min(60, (timeMs - START_MS) / S);
      expect(values.trades_per_minute).toBeCloseTo((60 * count) / passed, 9);
    }
    expect(engine.current().services.desk).toMatchObject({ late: 0 });
  });

  it("is waited for after a silence, though metrics come first", () => {
    const { engine } = run([
      traces([trade(at(1))]),
      ...ticks(2, 62),
      metrics([point("openPositions", 1, at(700))]),
      ...ticks(701, 720),
      traces([trade(at(100))], at(721)),
      ...ticks(722, 730),
    ]);
    expect(engine.watermarkMs).toBe(at(100));
    expect(engine.current().services.desk).toMatchObject({ late: 0 });
  });

  it("is not waited for longer than half a minute of fresh metrics", () => {
    const alive = Array.from({ length: 8 }, (_, i) => [
      metrics([point("openPositions", 1, at(700 + 5 * i))]),
      ...ticks(701 + 5 * i, 705 + 5 * i),
    ]).flat();
    const { engine } = run([traces([trade(at(1))]), ...alive]);
    expect(engine.watermarkMs).toBe(at(738));
  });
});

describe("silence", () => {
  it("makes every window unknown after a minute, and keeps the totals", () => {
    const { engine } = run(
      [
        traces([trade(at(1), { "trade.pnl_usd": 5 })]),
        metrics([point("circuitBreakerState", 0, at(1))]),
        ...ticks(2, 62),
      ],
      { capitalUsd: 100 },
    );
    const { statistics } = engine.current();
    for (const name of ["trade_latency_p99", "trades_per_minute", "success_rate", "circuit_breaker_state"]) {
      expect(statistics[name]).toMatchObject({
        value: null,
        reason: "no data from any service in the last 60 s",
      });
    }
    expect(statistics.total_pnl).toMatchObject({ value: 5 });
    expect(statistics.trades).toMatchObject({ series: [{ value: 1 }, { value: 0 }] });
    const gauges = engine.collect().filter(({ definition }) => definition.kind === "gauge");
    const known = gauges.filter((family) => "samples" in family && family.samples.length > 0);
    expect(
      known
        .map(({ definition }) => definition.name)
        .filter((name) => !name.endsWith("_samples") && !name.startsWith("slipstream_pnl_by_")),
    ).toEqual([
      "slipstream_pnl_usd",
      "slipstream_service_silent_seconds",
      "slipstream_watermark_timestamp_seconds",
    ]);
  });

  it("ends with the first span", () => {
    const { engine } = run([traces([trade(at(1))]), ...ticks(2, 300), traces([trade(at(301))])]);
    expect(statistic(engine, "success_rate")).toMatchObject({ value: 100, count: 1 });
    expect(statistic(engine, "trade_latency_p99").count).toBe(1);
  });

  it("before the first event: everything is unknown, and nothing is published", () => {
    const { engine, publications } = run(ticks(1, 100));
    expect(publications).toEqual([]);
    expect(engine.current()).toMatchObject({ time: null, services: {} });
    expect(statistic(engine, "trades_per_minute").value).toBeNull();
  });
});
