import { run } from "@slipstream/testing/engine/run";
import { START_MS, tick } from "@slipstream/testing/engine/spans";
import { describe, expect, it } from "vitest";
import { Desks } from "./desks/desks.ts";
import { Engine } from "./engine.ts";
import type { EngineRecord, SelfBatch } from "./model.ts";

const S = 1_000;

function report(over: Partial<SelfBatch> = {}, receivedMs = START_MS): EngineRecord {
  const batch: SelfBatch = {
    kind: "self",
    sinks: [
      { name: "questdb", up: true, lagSeconds: 2 },
      { name: "redis", up: null, lagSeconds: null },
    ],
    blocksReadable: false,
    log: { bytes: 25, mostBytes: 200 },
    disk: { bytes: 1_000, freeBytes: 50 },
    benchmarks: null,
    ...over,
  };
  return { receivedMs, batch };
}

describe("what the aggregator reports of itself", () => {
  it("is read as statistics", () => {
    const { statistics } = run([report()]).engine.current();
    expect(statistics).toMatchObject({
      sink_up: {
        series: [
          { labels: { sink: "questdb" }, value: "up" },
          { labels: { sink: "redis" }, value: null, reason: "nothing has been written to it yet" },
        ],
      },
      sink_lag_seconds: { series: [{ value: 2, unit: "s" }, { value: null }] },
      blocks_readable: { value: "down" },
      log_used: { value: 12.5, unit: "%" },
      disk_free: { value: 5, unit: "%" },
      benchmark_results: { value: null },
    });
  });

  it("is on /metrics as far as rules for Prometheus are about it, while it is known", () => {
    const { engine } = run([report()]);
    const ratios = (): unknown =>
      engine
        .collect()
        .filter(({ definition: { name } }) => /_(log_used|disk_free)_ratio$/.test(name))
        .map((family) => ("samples" in family ? family.samples : []));
    expect(ratios()).toEqual([[{ labels: {}, value: 0.125 }], [{ labels: {}, value: 0.05 }]]);
    engine.apply(report({ log: null, disk: null }));
    expect(ratios()).toEqual([[], []]);
    engine.apply(report());
    engine.apply(tick(START_MS + 61 * S));
    expect(ratios()).toEqual([[], []]);
  });

  it("holds for a minute, also after a restart", () => {
    const { engine } = run([report()]);
    const restored = Engine.restore(structuredClone(engine.save()), []);
    for (const each of [engine, restored]) {
      each.apply(tick(START_MS + 60 * S));
      expect(each.current().statistics.log_used).toMatchObject({ value: 12.5 });
      each.apply(tick(START_MS + 61 * S));
      expect(each.current().statistics.log_used).toMatchObject({
        value: null,
        reason: "the aggregator has not reported it in the last 60 s",
      });
      expect(each.current().statistics.sink_up).toEqual({ series: [] });
    }
  });

  it("unknown parts are said to be unknown", () => {
    const nothing = { sinks: [], blocksReadable: null, log: null, disk: null };
    const { statistics } = run([report(nothing)]).engine.current();
    expect(statistics).toMatchObject({
      blocks_readable: { value: null, reason: "no block has been read yet" },
      log_used: { value: null, reason: "the log has no bound" },
      disk_free: { value: null, reason: "the disk does not say" },
    });
  });

  it("is the own desk's alone", () => {
    const desks = new Desks({ desks: { own: "", most: 2 } });
    const points = [
      {
        resource: { service: "s", instance: "", desk: "other" },
        name: "x",
        attributes: {},
        timeMs: START_MS,
        value: 1,
      },
    ];
    desks.apply({ receivedMs: START_MS, batch: { kind: "metrics", points, resources: [], refusals: [] } });
    desks.apply(report());
    expect(desks.own.current().statistics).toHaveProperty("log_used");
    expect(desks.engineOf("other")?.current().statistics).not.toHaveProperty("log_used");
  });
});
