import { serviceMetrics } from "@slipstream/conventions";
import { eventually } from "@slipstream/testing/eventually";
import { readOpenMetrics } from "@slipstream/testing/openmetrics-parser";
import {
  type PrometheusServer,
  promtool,
  scrapeConfig,
  startPrometheus,
} from "@slipstream/testing/prometheus-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sendByPython } from "../../testing/otlp-clients.ts";
import { nearestRank, type PlannedGauge, planTrades } from "../../testing/span-plan.ts";
import { createAggregator } from "../aggregator.ts";
import type { Aggregator } from "../aggregator-options.ts";
import { IN_MEMORY } from "../data-folder.ts";

const { spans, truth } = planTrades(700, Date.now());
const gauges: readonly PlannedGauge[] = [
  { name: serviceMetrics.circuitBreakerState.name, value: 2, attributes: {} },
  { name: serviceMetrics.activeConnections.name, value: 3, attributes: { type: "questdb" } },
  { name: serviceMetrics.activeConnections.name, value: 5, attributes: { type: "redis" } },
  { name: serviceMetrics.memoryUsage.name, value: 123_456_789, attributes: {} },
  { name: serviceMetrics.memoryLimit.name, value: 1_073_741_824, attributes: {} },
  { name: serviceMetrics.cpuUsage.name, value: 12.5, attributes: {} },
  { name: serviceMetrics.openPositions.name, value: 4, attributes: {} },
  { name: serviceMetrics.dependencyUp.name, value: 0, attributes: { type: "postgres" } },
];
const sum = (values: readonly number[]) => values.reduce((left, right) => left + right, 0);

let aggregator: Aggregator;
let prometheus: PrometheusServer;

beforeAll(async () => {
  aggregator = await createAggregator({ dataDir: IN_MEMORY, port: 0 });
  prometheus = await startPrometheus(scrapeConfig(`127.0.0.1:${aggregator.port}`, "slipstream-aggregator"));
  await sendByPython({ endpoint: aggregator.url, service: "desk", gzip: true, spans, gauges });
});
afterAll(async () => {
  await prometheus?.close();
  await aggregator?.close();
});

/** Waits for the value, because calls settle and scrapes come in their own time; fails with the last answer. */
async function answers(expression: string, expected: number, digits = 6): Promise<void> {
  let values: readonly number[] = [];
  const isThere = (): boolean =>
    values.length === 1 && Math.abs((values[0] ?? Number.NaN) - expected) < 10 ** -digits;
  await eventually(`${expression} = ${expected}`, async () => {
    values = (await prometheus.query(expression)).map(({ value }) => value);
    return isThere();
  }).catch(() => undefined);
  expect(isThere(), `${expression} answers ${JSON.stringify(values)}, not ${expected}`).toBe(true);
}

const { trades, priorityFeesPaid, slippageError } = serviceMetrics;
test.each([
  [`${trades.name}{status="success"}`, truth.succeeded],
  [`${trades.name}{status="failed"}`, truth.failed],
  [priorityFeesPaid.name, truth.priorityFeesLamports],
  ["mev_attacks_avoided", 0],
  ["mev_attacks_impacted", 0],
  [serviceMetrics.circuitBreakerState.name, 2],
  [`${serviceMetrics.activeConnections.name}{type="questdb"}`, 3],
  [`${serviceMetrics.activeConnections.name}{type="redis"}`, 5],
  [`count(${serviceMetrics.activeConnections.name})`, 2],
  [serviceMetrics.memoryUsage.name, 123_456_789],
  [serviceMetrics.memoryLimit.name, 1_073_741_824],
  [serviceMetrics.cpuUsage.name, 12.5],
  [serviceMetrics.openPositions.name, 4],
  [`${serviceMetrics.dependencyUp.name}{type="postgres"}`, 0],
  ["slipstream_pnl_usd", truth.pnlUsd],
  ["slipstream_success_ratio", truth.succeeded / 700],
  ["slipstream_success_ratio_samples", 700],
  [
    "slipstream_slippage_accuracy_ratio",
    truth.slippage.filter((error) => error <= 0.005).length / truth.succeeded,
  ],
  ['slipstream_spans{service="desk",state="received"}', truth.spans],
  ['slipstream_spans{service="desk",state="duplicate"}', 0],
  ['slipstream_sink_up{sink="embedded"}', 1],
  ['slipstream_sink_dropped{sink="embedded"}', 0],
])("Prometheus answers %s with %d", async (expression, expected) => {
  await answers(expression, expected);
});

test.each([
  [serviceMetrics.tradeExecutionLatency, truth.tradeLatency],
  [serviceMetrics.solanaNodeLatency, truth.nodeLatency],
  [serviceMetrics.jupiterApiLatency, truth.jupiterLatency],
  [serviceMetrics.databaseWriteLatency, truth.databaseLatency],
  [slippageError, truth.slippage],
] as const)(
  "Prometheus answers $name with its true buckets, sum and count",
  async ({ name, buckets }, observed) => {
    await answers(`${name}_count`, observed.length);
    await answers(`${name}_sum`, sum(observed));
    await answers(`${name}_bucket{le="+Inf"}`, observed.length);
    for (const bound of buckets) {
      // As OpenMetrics writes a bound: 1.0, not 1.
      const le = Number.isInteger(bound) ? `${bound}.0` : String(bound);
      await answers(`${name}_bucket{le="${le}"}`, observed.filter((value) => value <= bound).length);
    }
  },
);

test.each([0.5, 0.95, 0.99, 0.999])(
  "the latency quantile %d is within 0.5 %% of the exact one",
  async (q) => {
    for (const [operation, observed] of [
      ["trade.execute", truth.tradeLatency],
      ["solana.rpc", truth.nodeLatency],
    ] as const) {
      const exact = nearestRank(observed, q);
      await answers(
        `slipstream_latency_seconds{operation="${operation}",quantile="${q}"} / ${exact} - 1 < bool 0.005`,
        1,
      );
      await answers(
        `slipstream_latency_seconds{operation="${operation}",quantile="${q}"} / ${exact} - 1 > bool -0.005`,
        1,
      );
    }
  },
);

test("both forms of the live page pass the readers that are not ours", async () => {
  const page = async (accept: string) =>
    (await fetch(`${aggregator.url}/metrics`, { headers: { accept } })).text();
  const { stdout, stderr } = promtool(["check", "metrics"], await page("text/plain"));
  const remarks = (stdout + stderr).split("\n").filter((line) => line !== "");
  expect(remarks.sort()).toEqual([
    'mev_attacks_avoided counter metrics should have "_total" suffix',
    'mev_attacks_impacted counter metrics should have "_total" suffix',
    'priority_fees_paid counter metrics should have "_total" suffix',
  ]);
  const families = await readOpenMetrics(await page("application/openmetrics-text"));
  const latency = families.find(({ name }) => name === serviceMetrics.tradeExecutionLatency.name);
  const exemplars = latency?.samples.flatMap(({ exemplar }) => (exemplar === null ? [] : [exemplar])) ?? [];
  expect(exemplars.length).toBeGreaterThan(0);
  for (const { labels, value } of exemplars) {
    expect(labels.trace_id).toMatch(/^[0-9a-f]{32}$/);
    expect(truth.tradeLatency).toContainEqual(expect.closeTo(value, 9));
  }
});
