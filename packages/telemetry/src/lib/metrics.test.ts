import { metrics } from "@opentelemetry/api";
import { serviceMetrics, ucumUnit } from "@slipstream/conventions";
import { eventually } from "@slipstream/testing/eventually";
import { Receiver } from "@slipstream/testing/otlp-receiver";
import { plain } from "@slipstream/testing/otlp-requests";
import { expect, test } from "vitest";
import { setUp } from "./set-up.ts";

const CUMULATIVE = 2;

test("the table's metrics arrive, as cumulative sums, histograms with the table's bounds, and gauges", async () => {
  await using receiver = await Receiver.start();
  const before = Date.now();
  const telemetry = setUp({
    serviceName: "m",
    endpoint: receiver.url,
    shutdownOnExit: false,
    metricIntervalMs: 50,
  });
  telemetry.instruments.tradeExecutionLatency.record(0.03);
  telemetry.instruments.trades.success.add(2);
  telemetry.instruments.circuitBreakerState.set(2);
  metrics.getMeter("the service's own").createCounter("own").add(5);
  await eventually("the first export", () => receiver.metrics.length > 0);
  telemetry.instruments.trades.success.add(1);
  await telemetry.shutdown();

  for (const metric of receiver.metrics) {
    const definition = Object.values(serviceMetrics).find(({ name }) => name === metric.name);
    if (definition === undefined) continue;
    expect([metric.description, metric.unit]).toEqual([definition.help, ucumUnit[definition.unit]]);
  }
  const trades = receiver.metric("trades_total")?.sum;
  expect(trades).toMatchObject({ isMonotonic: true, aggregationTemporality: CUMULATIVE });
  expect(trades?.dataPoints.map(({ attributes, asDouble }) => [plain(attributes), asDouble])).toEqual([
    [{ status: "success" }, 3],
    [{ status: "failed" }, 0],
  ]);
  for (const { startTimeUnixNano, timeUnixNano } of trades?.dataPoints ?? []) {
    expect(Number(startTimeUnixNano) / 1e6).toBeGreaterThanOrEqual(before);
    expect(BigInt(timeUnixNano)).toBeGreaterThan(BigInt(startTimeUnixNano));
  }
  expect(receiver.metric("trade_execution_latency_seconds")?.histogram).toMatchObject({
    aggregationTemporality: CUMULATIVE,
    dataPoints: [
      {
        count: "1",
        sum: 0.03,
        explicitBounds: serviceMetrics.tradeExecutionLatency.buckets,
        bucketCounts: ["0", "0", "1", "0", "0", "0", "0", "0"],
      },
    ],
  });
  expect(receiver.metric("circuit_breaker_state")?.gauge?.dataPoints[0]?.asDouble).toBe(2);
  expect(receiver.metric("slipstream_memory_limit_bytes")?.gauge?.dataPoints[0]?.asDouble).toBeGreaterThan(0);
  expect(receiver.metric("own")?.sum?.dataPoints[0]?.asDouble).toBe(5);
  // Never set: unknown, not 0.
  expect(receiver.metric("slipstream_open_positions")).toBeUndefined();
  expect(receiver.metric("slipstream_dependency_up")).toBeUndefined();
});

test("after an outage of the receiver, the newest values arrive", async () => {
  await using receiver = await Receiver.start(() => ({ status: 503 }));
  const telemetry = setUp({
    serviceName: "m",
    endpoint: receiver.url,
    shutdownOnExit: false,
    global: false,
    metricIntervalMs: 10,
  });
  await eventually("requests fail", () => telemetry.health().failedRequests >= 2);
  telemetry.instruments.trades.success.add(1);
  receiver.answer = () => ({});
  await telemetry.shutdown();
  expect(receiver.metric("trades_total")?.sum?.dataPoints[0]?.asDouble).toBe(1);
});
