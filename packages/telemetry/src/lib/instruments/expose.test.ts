import {
  AggregationTemporality,
  DataPointType,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { serviceMetrics } from "@slipstream/conventions";
import { Counter, Registry } from "prom-client";
import { describe, expect, test } from "vitest";
import { exposeInstruments } from "./expose.ts";
import { InstrumentSet } from "./instrument-set.ts";

function used(): InstrumentSet {
  const set = new InstrumentSet();
  for (const seconds of [0.004, 0.005, 0.15, 3]) set.handles.solanaNodeLatency.record(seconds);
  set.handles.trades.success.add(3);
  set.handles.priorityFeesPaid.add(12_345);
  set.handles.dependencyUp.redis.set(1);
  return set;
}

describe("a prom-client Registry", () => {
  test("serves the instruments next to its own metrics", async () => {
    const registry = new Registry();
    new Counter({ name: "own_total", help: "The service's own.", registers: [registry] }).inc(2);
    registry.setDefaultLabels({ app: "desk" });
    exposeInstruments(used(), registry);
    const text = await registry.metrics();
    expect(text).toContain('own_total{app="desk"} 2');
    expect(text).toContain("# TYPE solana_node_latency_seconds histogram");
    const lines = text.split("\n").filter((line) => line.startsWith("solana_node_latency_seconds"));
    expect(lines).toEqual([
      'solana_node_latency_seconds_bucket{le="0.001",app="desk"} 0',
      'solana_node_latency_seconds_bucket{le="0.005",app="desk"} 2',
      'solana_node_latency_seconds_bucket{le="0.01",app="desk"} 2',
      'solana_node_latency_seconds_bucket{le="0.05",app="desk"} 2',
      'solana_node_latency_seconds_bucket{le="0.1",app="desk"} 2',
      'solana_node_latency_seconds_bucket{le="0.2",app="desk"} 3',
      'solana_node_latency_seconds_bucket{le="+Inf",app="desk"} 4',
      'solana_node_latency_seconds_sum{app="desk"} 3.159',
      'solana_node_latency_seconds_count{app="desk"} 4',
    ]);
    expect(text).toContain('trades_total{status="success",app="desk"} 3');
    expect(text).toContain('trades_total{status="failed",app="desk"} 0');
    expect(text).toContain('priority_fees_paid{app="desk"} 12345');
    expect(text).toContain('slipstream_dependency_up{type="redis",app="desk"} 1');
    expect(text).not.toMatch(/^circuit_breaker_state/m);
  });

  test("in OpenMetrics, and as JSON", async () => {
    const registry = new Registry();
    registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as unknown as typeof registry.contentType);
    exposeInstruments(used(), registry);
    const text = await registry.metrics();
    expect(text).toContain('trades_total{status="success"} 3');
    expect(text).not.toContain("_total_total");
    const json = await registry.getMetricsAsJSON();
    expect(json.map(({ name }) => name)).toContain("solana_node_latency_seconds");
    registry.resetMetrics();
  });

  test("values are current, and it can be undone", async () => {
    const registry = new Registry();
    const set = used();
    const end = exposeInstruments(set, registry);
    await registry.metrics();
    set.handles.trades.success.add(1);
    expect(await registry.metrics()).toContain('trades_total{status="success"} 4');
    end();
    expect(await registry.metrics()).toBe("\n");
  });

  test("a name that is taken is an error, and nothing is registered", async () => {
    const registry = new Registry();
    new Counter({ name: "trades_total", help: "Mine.", registers: [registry] });
    expect(() => exposeInstruments(used(), registry)).toThrow("trades_total");
    expect(registry.getMetricsAsArray()).toHaveLength(1);
  });
});

describe("an OpenTelemetry MeterProvider", () => {
  test("collects the instruments along with its own", async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
    const provider = new MeterProvider({ readers: [reader] });
    const set = new InstrumentSet();
    const end = exposeInstruments(set, provider);
    // More records than the buffer holds.
    for (let i = 0; i < 3_000; i += 1) set.handles.solanaNodeLatency.record(0.007);
    set.handles.trades.failed.add(2);
    set.handles.circuitBreakerState.set(1);
    const { resourceMetrics, errors } = await reader.collect();
    expect(errors).toEqual([]);
    const found = Object.fromEntries(
      resourceMetrics.scopeMetrics
        .flatMap(({ metrics }) => metrics)
        .map((metric) => [metric.descriptor.name, metric]),
    );
    expect(found.trades_total).toMatchObject({
      dataPointType: DataPointType.SUM,
      isMonotonic: true,
      dataPoints: [
        { attributes: { status: "success" }, value: 0 },
        { attributes: { status: "failed" }, value: 2 },
      ],
    });
    expect(found.circuit_breaker_state).toMatchObject({
      dataPointType: DataPointType.GAUGE,
      dataPoints: [{ value: 1 }],
    });
    expect(found.solana_node_latency_seconds).toMatchObject({
      descriptor: { unit: "s" },
      dataPoints: [
        {
          value: {
            count: 3_000,
            buckets: {
              boundaries: serviceMetrics.solanaNodeLatency.buckets,
              counts: [0, 0, 3_000, 0, 0, 0, 0],
            },
          },
        },
      ],
    });
    expect(found.slipstream_open_positions?.dataPoints ?? []).toEqual([]);
    end();
    set.handles.solanaNodeLatency.record(1);
    await provider.shutdown();
  });
});

test("anything else is an error", () => {
  for (const registry of [undefined, null, {}, "x"]) {
    expect(() => exposeInstruments(new InstrumentSet(), registry)).toThrow("registry must be");
  }
});
