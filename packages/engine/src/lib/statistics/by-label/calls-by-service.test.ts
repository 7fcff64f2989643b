import { semconv } from "@slipstream/conventions";
import { run } from "@slipstream/testing/engine/run";
import { child, resource, rpc, START_MS, span, tick, traces } from "@slipstream/testing/engine/spans";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Engine } from "../../engine.ts";
import { recordOf } from "../../history/rows.ts";
import type { LabelledStatisticValue } from "../../model.ts";

const at = START_MS + 61_000;
const SECOND = 1_000;

function series(engine: Engine, name: string): readonly LabelledStatisticValue[] {
  const entry = engine.current().statistics[name];
  if (entry === undefined || !("series" in entry)) throw new Error(`${name} is no series`);
  return entry.series;
}

/** The 99th percentile and the calls of each service. */
function p99(engine: Engine, name: string): unknown[] {
  return series(engine, name)
    .filter(({ labels }) => labels.quantile === "0.99")
    .map(({ labels, value, count }) => [labels.service, value, count]);
}

const call = (service: string, durationSeconds: number, statusCode = 0) =>
  rpc(at, "getSlot", { durationSeconds, resource: resource(service), statusCode });

describe("calls by service", () => {
  it("have latencies and an error rate of their own, also on /metrics", () => {
    const { engine } = run([
      traces([call("desk", 0.1), call("desk", 0.3, 2), call("maker", 0.02)]),
      traces([span("jupiter.quote", at, { kind: 3, durationSeconds: 0.2, resource: resource("maker") })]),
    ]);
    expect(p99(engine, "node_latency_by_service")).toEqual([
      ["desk", 300, 2],
      ["maker", 20, 1],
    ]);
    expect(p99(engine, "jupiter_latency_by_service")).toEqual([["maker", 200, 1]]);
    expect(series(engine, "database_latency_by_service")).toEqual([]);
    expect(series(engine, "node_error_rate_by_service")).toMatchObject([
      { labels: { service: "desk" }, value: 50, count: 2 },
      { labels: { service: "maker" }, value: 0, count: 1 },
    ]);
    const family = engine
      .collect()
      .find(({ definition }) => definition.name === "slipstream_solana_node_latency_by_service_seconds");
    expect(family !== undefined && "samples" in family && family.samples).toHaveLength(8);
  });

  it("leave out the methods that the node's percentiles leave out", () => {
    const slow = rpc(at, "getProgramAccounts", { durationSeconds: 9, resource: resource("desk") });
    const options = { nodeMethods: { exclude: ["getProgramAccounts"] } };
    expect(p99(run([traces([slow, call("desk", 0.1)])], options).engine, "node_latency_by_service")).toEqual([
      ["desk", 100, 1],
    ]);
  });

  it("keep their service while they wait for the span around them, also through a restart", () => {
    const attributes = { [semconv.rpcSystem]: "jsonrpc", [semconv.rpcMethod]: "getSlot" };
    const handler = span("GET /", at, { resource: resource("maker") });
    const waits = child(handler, "getSlot", at, { kind: 3, attributes, durationSeconds: 0.3 });
    const before = new Engine();
    before.apply(traces([waits]));
    expect(series(before, "node_latency_by_service")).toEqual([]);
    const after = Engine.restore(structuredClone(before.save()), []);
    after.apply(tick(at + 5 * SECOND));
    expect(p99(after, "node_latency_by_service")).toEqual([["maker", 300, 1]]);
  });

  it("that an older version held back count, with a service that is not known", () => {
    const handler = span("GET /", at);
    const attributes = { [semconv.rpcSystem]: "jsonrpc", [semconv.rpcMethod]: "getSlot" };
    const before = new Engine();
    before.apply(traces([child(handler, "getSlot", at, { kind: 3, attributes, durationSeconds: 0.3 })]));
    const { parts } = structuredClone(before.save());
    const nested = parts.nested?.data as { held: { words: Uint32Array } };
    const held = { ...nested.held, words: nested.held.words.subarray(0, 9) };
    const former = { version: 1, data: { ...nested, held } };
    const after = Engine.restore({ parts: { ...parts, nested: former } }, []);
    expect(after.lost.has("nested")).toBe(false);
    after.apply(tick(at + 5 * SECOND));
    expect(p99(after, "node_latency_by_service")).toEqual([["unknown", 300, 1]]);
  });

  it("are a row for each service in each minute", () => {
    const calls = [call("desk", 0.1), call("desk", 0.3, 2), call("maker", 0.02)];
    const later = rpc(at + 90 * SECOND, "getSlot", { resource: resource("desk") });
    const { rows } = run([traces(calls), traces([later])]);
    const found = rows.filter(({ table }) => table === "calls_by_service").map(recordOf);
    expect(found).toMatchObject([
      { kind: "node", service: "desk", calls: 2, failed: 1, p99_ms: 300 },
      { kind: "node", service: "maker", calls: 1, failed: 0, p99_ms: 20 },
    ]);
  });

  it("add up to all calls, however few services are shown", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ service: fc.nat(12), atMs: fc.nat(200_000) }), { minLength: 1 }),
        fc.integer({ min: 1, max: 4 }),
        (calls, maxLabelValues) => {
          const spans = calls.map(({ service, atMs }) =>
            rpc(at + atMs, "getSlot", { resource: resource(`s${service}`) }),
          );
          const { engine } = run([traces(spans)], { maxLabelValues });
          const shown = series(engine, "node_error_rate_by_service");
          expect(shown.length).toBeLessThanOrEqual(maxLabelValues + 1);
          expect(shown.reduce((sum, { count }) => sum + count, 0)).toBe(calls.length);
        },
      ),
      { numRuns: 50 },
    );
  });
});
