import { run } from "@slipstream/testing/engine/run";
import { metrics, point, resource, START_MS, tick, traces, trade } from "@slipstream/testing/engine/spans";
import { describe, expect, it } from "vitest";
import { Engine } from "../engine.ts";
import type { EngineRecord } from "../model.ts";
import { ServiceSilence } from "./service-silence.ts";

const S = 1_000;
const at = START_MS + 1_000 * S;
const of = (instance: string, service = "desk") => ({ resource: resource(service, instance) });
const up = (value: number, timeMs: number, instance = "a") => point("processUp", value, timeMs, of(instance));

/** As an aggregator takes them: it ticks in between. */
function silence(records: readonly EngineRecord[], service = "desk"): unknown {
  return silenceIn(run(ticking(records)).engine, service);
}

function ticking(records: readonly EngineRecord[]): EngineRecord[] {
  return records.flatMap((record, i) => {
    const ticks: EngineRecord[] = [];
    const beforeMs = records[i - 1]?.receivedMs ?? record.receivedMs;
    for (let ms = beforeMs + 30 * S; ms < record.receivedMs; ms += 30 * S) ticks.push(tick(ms));
    return [...ticks, record];
  });
}

function silenceIn(engine: Engine, service = "desk"): unknown {
  const entry = engine.current().statistics.service_silent_seconds;
  if (entry === undefined || !("series" in entry)) throw new Error("it is no series");
  return entry.series.find(({ labels }) => labels.service === service)?.value;
}

describe("how long a service has been silent", () => {
  it("grows by the receipt of whatever comes: ticks, and what others send", () => {
    const spoke = traces([trade(at)]);
    expect(silence([spoke])).toBe(0);
    expect(silence([spoke, tick(at + 90 * S)])).toBe(90);
    expect(silence([spoke, traces([trade(at + 300 * S, {}, of("x", "other"))])])).toBe(300);
  });

  it("is not ended by old data that arrives late, and is by any new data", () => {
    const before = [traces([trade(at)]), tick(at + 100 * S)];
    const late = [
      traces([trade(at - 5 * S)], at + 101 * S),
      metrics([point("openPositions", 1, at - S)], at + 101 * S),
    ];
    expect(silence([...before, ...late])).toBe(101);
    expect(silence([...before, traces([trade(at + 99 * S)], at + 101 * S)])).toBe(2);
    expect(silence([...before, metrics([point("openPositions", 1, at + 101 * S)])])).toBe(0);
  });

  it("begins when a service is first heard of, for a clock that is behind and old data look the same", () => {
    const slow = traces([trade(at - 600 * S)], at);
    expect(silence([slow])).toBe(0);
    expect(silence([slow, tick(at + 2 * S)])).toBe(2);
  });

  it("is 0 once every process said that it ends, until one speaks again", () => {
    const both = metrics([up(1, at, "a"), up(1, at, "b")]);
    const one = metrics([up(0, at + 10 * S, "a")]);
    expect(silence([both, one, tick(at + 50 * S)])).toBe(40);
    const two = metrics([up(0, at + 20 * S, "b")]);
    expect(silence([both, one, two, tick(at + 900 * S)])).toBe(0);
    const again = traces([trade(at + 800 * S, {}, of("b"))]);
    expect(silence([both, one, two, again, tick(at + 900 * S)])).toBe(100);
  });

  it("does not wait for a process that was killed long before its successor ended", () => {
    const killed = metrics([up(1, at, "killed")]);
    const successor = [metrics([up(1, at + 70 * S, "next")]), metrics([up(0, at + 90 * S, "next")])];
    expect(silence([killed, ...successor, tick(at + 900 * S)])).toBe(0);
    const soon = [metrics([up(1, at + 5 * S, "next")]), metrics([up(0, at + 9 * S, "next")])];
    expect(silence([killed, ...soon, tick(at + 900 * S)])).toBe(891);
  });

  it("does not grow while the aggregator is down, and goes on from what it was", () => {
    const { engine } = run(ticking([traces([trade(at)]), tick(at + 20 * S)]));
    const away = 3_600 * S;
    engine.apply(tick(at + away));
    expect(silenceIn(engine)).toBe(20);
    engine.apply(tick(at + away + 10 * S));
    expect(silenceIn(engine)).toBe(30);
    engine.apply(traces([trade(at + away + 5 * S)], at + away + 11 * S));
    engine.apply(tick(at + away + 40 * S));
    expect(silenceIn(engine)).toBe(35);
  });

  it("is no longer known after 24 h: the service counts as taken away", () => {
    const day = 86_400 * S;
    const { engine } = run(ticking([traces([trade(at)]), tick(at + day)]));
    expect(silenceIn(engine)).toBe(86_400);
    engine.apply(tick(at + day + S));
    expect(silenceIn(engine)).toBeNull();
    engine.apply(traces([trade(at + day + 2 * S)]));
    expect(silenceIn(engine)).toBe(0);
  });

  it("goes on after a restart", () => {
    const { engine } = run([metrics([up(1, at, "a"), up(1, at, "b")]), metrics([up(0, at + S, "a")])]);
    const restored = Engine.restore(structuredClone(engine.save()), []);
    for (const each of [engine, restored]) {
      each.apply(tick(at + 60 * S));
      expect(silenceIn(each)).toBe(59);
      each.apply(metrics([up(0, at + 61 * S, "b")]));
      expect(silenceIn(each)).toBe(0);
    }
  });

  it("goes on from what version 1 saved", () => {
    const service = { name: "desk", newestMs: at, untracked: false, processes: ["a"] };
    const times = Float64Array.of(at, Number.NEGATIVE_INFINITY);
    const statistic = new ServiceSilence();
    const { migrations } = statistic;
    statistic.load(migrations[2]?.(migrations[1]?.([{ ...service, times }]) ?? null) ?? null);
    const instant = {
      ...{ boundaryMs: at, coveredMs: at, receivedMs: at + 5 * S },
      ...{ newest: true, live: true, liveSinceMs: undefined },
    };
    expect(statistic.read(instant)).toMatchObject({ service_silent_seconds: { series: [{ value: 5 }] } });
  });

  describe.each([0, 45, 120, 179, 600, 3_600])("of a service whose clock is %i s behind", (behind) => {
    /** Once a minute, as stock OpenTelemetry; the first comes at `at`. */
    const points = (count: number, name: "openPositions" | "processUp" = "openPositions"): EngineRecord[] =>
      Array.from({ length: count }, (_, i) =>
        metrics([point(name, 1, at + (60 * i - behind) * S)], at + 60 * i * S + 100 * (i % 3)),
      );

    it.each([2, 3, 5, 9, 20])("never passes its time between two sendings, after %i of them", (count) => {
      expect(silence([...points(count), tick(at + (60 * count - 1) * S)])).toBeLessThan(61 + behind * 0.001);
    });

    it.each([1, 3, 5, 9, 20])("is seen once it sends no more, after %i sendings", (count) => {
      const last = at + 60 * (count - 1) * S;
      expect(silence([...points(count), tick(last + 180 * S)])).toBeLessThanOrEqual(181);
      expect(silence([...points(count), tick(last + 195 * S)])).toBeGreaterThan(180);
    });
  });

  it("of a service that was never heard of before begins when the backlog of it has come", () => {
    const backlog = Array.from({ length: 50 }, (_, i) =>
      traces([trade(at - (1_000 - 10 * i) * S)], at + 100 * i),
    );
    expect(silence([...backlog, tick(at + 5 * S)])).toBeLessThan(5);
    expect(silence([...backlog, tick(at + 200 * S)])).toBeGreaterThan(180);
  });

  it("is not known of a service that was never live: its data is of another time", () => {
    const fromBlocks = trade(at, { "trade.source": "block" }, of("a", "ingest-block"));
    expect(silence([traces([fromBlocks]), tick(at + S)], "ingest-block")).toBeUndefined();
  });
});
