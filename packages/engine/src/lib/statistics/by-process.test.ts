import { run, statistic } from "@slipstream/testing/engine/run";
import { metrics, point, resource, START_MS, tick, traces, trade } from "@slipstream/testing/engine/spans";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Engine } from "../engine.ts";
import { processKey, processOf } from "../process-key.ts";

const arb = resource("arb", "a-1");
const maker = resource("maker", "m-1");

function shown(engine: Engine, name: string): unknown[] {
  const entry = engine.current().statistics[name];
  if (entry === undefined || !("series" in entry)) throw new Error(`${name} is no series`);
  return entry.series.map(({ labels, value }) => [...Object.values(labels), value]);
}

function samples(engine: Engine, name: string): unknown[] {
  const family = engine.collect().find(({ definition }) => definition.name === name);
  if (family === undefined || !("samples" in family)) throw new Error(`no samples of ${name}`);
  return family.samples.map(({ labels, value }) => [...Object.values(labels), value]);
}

const reports = metrics([
  point("circuitBreakerState", 0, START_MS, { resource: arb }),
  point("openPositions", 3, START_MS, { resource: arb }),
  point("memoryUsage", 100, START_MS, { resource: arb }),
  point("cpuUsage", 5, START_MS, { resource: arb }),
  point("circuitBreakerState", 1, START_MS, { resource: maker }),
  point("openPositions", 4, START_MS, { resource: maker }),
  point("memoryUsage", 200, START_MS, { resource: maker }),
]);
const ends = metrics([
  point("openPositions", 4, START_MS + 2_000, { resource: maker }),
  point("circuitBreakerState", 1, START_MS + 2_000, { resource: maker }),
  point("processUp", 0, START_MS + 2_000, { resource: maker }),
]);

describe("gauges of several services", () => {
  it("are told apart by service, memory and CPU by process", () => {
    const { engine } = run([reports, tick(START_MS + 10_000)]);
    expect(statistic(engine, "circuit_breaker_state").value).toBe("open");
    expect(statistic(engine, "active_positions").value).toBe(7);
    expect(shown(engine, "circuit_breaker_state_by_service")).toEqual([
      ["arb", "closed"],
      ["maker", "open"],
    ]);
    expect(samples(engine, "slipstream_open_positions_by_service")).toEqual([
      ["arb", 3],
      ["maker", 4],
    ]);
    expect(samples(engine, "slipstream_memory_usage_by_process_bytes")).toEqual([
      ["arb", "a-1", 100],
      ["maker", "m-1", 200],
    ]);
    expect(shown(engine, "cpu_usage_by_process")).toEqual([["arb", "a-1", 5]]);
  });

  it("are gone when a process says that it ends, at once and from every sum", () => {
    const { engine } = run([reports, ends, tick(START_MS + 10_000)]);
    expect(statistic(engine, "circuit_breaker_state").value).toBe("closed");
    expect(statistic(engine, "active_positions")).toMatchObject({ value: 3, count: 1 });
    expect(shown(engine, "active_positions_by_service")).toEqual([["arb", 3]]);
    expect(samples(engine, "slipstream_memory_usage_by_process_bytes")).toEqual([["arb", "a-1", 100]]);
  });

  it("come back if the process goes on, and are unknown if all have ended", () => {
    const both = metrics([
      point("processUp", 0, START_MS + 2_500, { resource: arb }),
      point("processUp", 0, START_MS + 2_500, { resource: maker }),
    ]);
    const { engine } = run([reports, both, tick(START_MS + 10_000)]);
    expect(statistic(engine, "active_positions")).toMatchObject({
      value: null,
      reason: "every process that reported slipstream_open_positions has ended",
    });
    engine.apply(
      metrics([
        point("processUp", 1, START_MS + 12_000, { resource: maker }),
        point("openPositions", 2, START_MS + 12_000, { resource: maker }),
      ]),
    );
    engine.apply(traces([trade(START_MS + 13_000)]));
    expect(statistic(engine, "active_positions")).toMatchObject({ value: 2 });
  });

  it("go after 60 s of silence if a process was killed", () => {
    const later = metrics([point("openPositions", 1, START_MS + 70_000, { resource: arb })]);
    const { engine } = run([reports, later, tick(START_MS + 80_000)]);
    expect(shown(engine, "active_positions_by_service")).toEqual([["arb", 1]]);
  });
});

it("the key of a process gives its names back, shortened if they are long", () => {
  const name = fc.string({ unit: "binary", maxLength: 300 });
  fc.assert(
    fc.property(name, name, (service, instance) => {
      const process = processOf(processKey({ service, instance, desk: "" }));
      expect(processOf(processKey({ ...process, desk: "" }))).toEqual(process);
      if (service.length <= 256) expect(process.service).toBe(service);
      else expect(process.service).toMatch(/^[\s\S]{256}\.\.\.$/);
    }),
  );
});
