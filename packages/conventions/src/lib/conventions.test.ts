import { expect, test } from "vitest";
import { aggregatorMetrics } from "./aggregator-metrics.ts";
import { attribute, spanAttributes } from "./attributes.ts";
import { dashboardKeys, dashboardSeriesKey, dashboardValues } from "./dashboard.ts";
import { failureReasons } from "./failure-reasons.ts";
import { exposedType, type MetricDefinition, metricUnitSuffix, ucumUnit } from "./metric.ts";
import { allMetrics } from "./metrics.ts";
import { semconv } from "./semconv.ts";
import { serviceMetrics } from "./service-metrics.ts";
import { spanNames } from "./spans.ts";

/** The names of a metric's samples, and of its family if that differs. */
function namesOf({ name, kind }: MetricDefinition): readonly string[] {
  if (kind === "histogram")
    return ["", "_bucket", "_sum", "_count", "_created"].map((suffix) => name + suffix);
  if (kind !== "counter" || !name.endsWith("_total")) return [name];
  const family = name.slice(0, -"_total".length);
  return [name, family, `${family}_created`];
}

function duplicates(values: readonly string[]): readonly string[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}

test("metric names are valid, and no sample name could belong to two metrics", () => {
  for (const { name } of allMetrics) expect(name).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
  expect(duplicates(allMetrics.flatMap(namesOf))).toEqual([]);
});

test("every metric has a help sentence, a known unit and valid labels", () => {
  for (const { name, help, unit, labels = {} } of allMetrics as readonly MetricDefinition[]) {
    expect(help, name).toMatch(/^[A-Z(0-9].*\.$/);
    expect(ucumUnit[unit], name).toBeTypeOf("string");
    for (const label of Object.keys(labels)) {
      expect(label, name).toMatch(/^[a-z][a-z_]*$/);
      expect(["le", "job", "instance"], name).not.toContain(label);
    }
  }
});

test("a failed trade is counted by its reason, or as unknown", () => {
  expect(aggregatorMetrics.tradeFailures.labels.reason).toEqual([...failureReasons, "unknown"]);
  expect(spanAttributes.tradeFailureReason.words).toEqual(failureReasons);
});

test("histograms have ascending positive buckets, other metrics have none", () => {
  for (const { name, kind, buckets } of allMetrics as readonly MetricDefinition[]) {
    if (kind !== "histogram") expect(buckets, name).toBeUndefined();
    else {
      expect(buckets, name).toEqual([...new Set(buckets)].sort((left, right) => left - right));
      expect(buckets?.[0], name).toBeGreaterThan(0);
      expect(buckets?.at(-1), name).toBeLessThan(Number.POSITIVE_INFINITY);
    }
  }
});

test("the names and buckets that external dashboards and rules rely on", () => {
  const buckets = Object.fromEntries(
    (Object.values(serviceMetrics) as readonly MetricDefinition[]).map((metric) => [
      metric.name,
      metric.buckets,
    ]),
  );
  expect(buckets).toMatchObject({
    trade_execution_latency_seconds: [0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1],
    solana_node_latency_seconds: [0.001, 0.005, 0.01, 0.05, 0.1, 0.2],
    jupiter_api_latency_seconds: [0.01, 0.05, 0.1, 0.2, 0.5],
    database_write_latency_seconds: [0.001, 0.005, 0.01, 0.05],
  });
  const kinds = Object.fromEntries(allMetrics.map(({ name, kind }) => [name, kind]));
  expect(kinds).toMatchObject({
    trades_total: "counter",
    slippage_error_ratio: "histogram",
    mev_attacks_avoided: "counter",
    mev_attacks_impacted: "counter",
    priority_fees_paid: "counter",
    circuit_breaker_state: "gauge",
    active_connections: "gauge",
    memory_usage_bytes: "gauge",
    cpu_usage_percent: "gauge",
  });
  expect(serviceMetrics.slippageError.buckets.at(0)).toBe(0.0001);
  expect(serviceMetrics.slippageError.buckets.at(-1)).toBe(0.5);
});

test("a metric has the type of its kind, or none if its name does not fit that", () => {
  const types = Object.fromEntries(allMetrics.map((metric) => [metric.name, exposedType(metric)]));
  expect(types).toMatchObject({
    trades_total: "counter",
    trade_execution_latency_seconds: "histogram",
    memory_usage_bytes: "gauge",
    // Fixed, name and kind.
    mev_attacks_avoided: "counter",
    mev_attacks_impacted: "counter",
    priority_fees_paid: "counter",
    // A counter without `_total`, and a gauge with a label `quantile`.
    slipstream_spans: "untyped",
    slipstream_trades_by_pair: "untyped",
    slipstream_latency_seconds: "untyped",
  });
});

test("a unit line is allowed only if the name ends with the unit", () => {
  expect(metricUnitSuffix(serviceMetrics.tradeExecutionLatency)).toBe("seconds");
  expect(metricUnitSuffix(serviceMetrics.trades)).toBeUndefined();
  expect(metricUnitSuffix(serviceMetrics.circuitBreakerState)).toBeUndefined();
});

test("attribute and span names are valid and unique", () => {
  const names = Object.values(attribute);
  expect(duplicates(names)).toEqual([]);
  expect(duplicates(Object.values(semconv))).toEqual([]);
  const spans = Object.values(spanNames).map(({ name }) => name);
  expect(duplicates(spans)).toEqual([]);
  for (const name of [...names, ...spans]) expect(name).toMatch(/^[a-z]+(\.[a-z_]+)+$/);
  for (const [key, { name }] of Object.entries(spanAttributes)) {
    const camel = name.replace(/[._]([a-z])/g, (_, letter: string) => letter.toUpperCase());
    expect(key).toBe(camel);
  }
});

test("the dashboard has nine keys, and one series per UTC day", () => {
  expect(dashboardKeys).toEqual([
    "dashboard:trade_latency_p99",
    "dashboard:node_latency_p99",
    "dashboard:slippage_accuracy",
    "dashboard:mev_avoidance_rate",
    "dashboard:trades_per_minute",
    "dashboard:success_rate",
    "dashboard:circuit_breaker_state",
    "dashboard:active_positions",
    "dashboard:total_pnl",
  ]);
  for (const { statistic, camel } of dashboardValues) {
    expect(camel).toBe(statistic.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()));
  }
  expect(dashboardSeriesKey(Date.UTC(2026, 0, 1) - 1)).toBe("dashboard:timeseries:20251231");
  expect(dashboardSeriesKey(Date.UTC(2026, 0, 1))).toBe("dashboard:timeseries:20260101");
});
