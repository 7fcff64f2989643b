import { serviceMetrics } from "@slipstream/conventions";
import { eventually } from "@slipstream/testing/eventually";
import { parseExposition } from "@slipstream/testing/parse-exposition";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Shipment, sendByJavaScript, sendByPython } from "../../testing/otlp-clients.ts";
import { type PlanTruth, planTrades } from "../../testing/span-plan.ts";
import { createAggregator } from "../aggregator.ts";
import type { Aggregator } from "../aggregator-options.ts";
import { IN_MEMORY } from "../data-folder.ts";

const trades = 900;
let aggregator: Aggregator;
const truths = new Map<string, PlanTruth>();

const clients: readonly (readonly [string, (shipment: Shipment) => Promise<void>, boolean])[] = [
  ["Python, protobuf", sendByPython, false],
  ["Python, protobuf, gzip", sendByPython, true],
  ["JavaScript, JSON", sendByJavaScript, false],
  ["JavaScript, JSON, gzip", sendByJavaScript, true],
];

beforeAll(async () => {
  aggregator = await createAggregator({ dataDir: IN_MEMORY, port: 0 });
  for (const [service, send, gzip] of clients) {
    const { spans, truth } = planTrades(trades, Date.now());
    truths.set(service, truth);
    await send({ endpoint: aggregator.url, service, gzip, spans });
  }
});
afterAll(() => aggregator?.close());

test.each(clients)("%s: every span is counted, none twice", (service) => {
  expect(truths.get(service)?.spans).toBe(4 * trades);
  expect(aggregator.current().services[service]).toMatchObject({
    received: 4 * trades,
    duplicate: 0,
    refused: 0,
    completeness: null,
  });
});

test("counts, money and histograms are those of what was sent", async () => {
  const { samples } = await eventually("every span is in the totals", async () => {
    const parsed = parseExposition(await (await fetch(`${aggregator.url}/metrics`)).text());
    const calls = parsed.samples.find(
      ({ name }) => name === `${serviceMetrics.databaseWriteLatency.name}_count`,
    );
    return calls?.value === 4 * trades && parsed;
  });
  const value = (name: string, labels = {}) =>
    samples.find((sample) => sample.name === name && JSON.stringify(sample.labels) === JSON.stringify(labels))
      ?.value;
  const all = <Key extends keyof PlanTruth>(key: Key) => [...truths.values()].map((truth) => truth[key]);
  const sum = (values: readonly number[]) => values.reduce((left, right) => left + right, 0);

  expect(value(serviceMetrics.trades.name, { status: "success" })).toBe(sum(all("succeeded")));
  expect(value(serviceMetrics.trades.name, { status: "failed" })).toBe(sum(all("failed")));
  expect(value(serviceMetrics.priorityFeesPaid.name)).toBe(sum(all("priorityFeesLamports")));
  expect(value("slipstream_pnl_usd")).toBe(sum(all("pnlUsd")));
  const histograms = [
    [serviceMetrics.tradeExecutionLatency, all("tradeLatency").flat()],
    [serviceMetrics.solanaNodeLatency, all("nodeLatency").flat()],
    [serviceMetrics.jupiterApiLatency, all("jupiterLatency").flat()],
    [serviceMetrics.databaseWriteLatency, all("databaseLatency").flat()],
    [serviceMetrics.slippageError, all("slippage").flat()],
  ] as const;
  for (const [{ name, buckets }, observed] of histograms) {
    expect(value(`${name}_count`), name).toBe(observed.length);
    expect(value(`${name}_sum`), name).toBeCloseTo(sum(observed), 6);
    for (const bound of buckets) {
      const within = observed.filter((seconds) => seconds <= bound).length;
      expect(value(`${name}_bucket`, { le: String(bound) }), `${name} <= ${bound}`).toBe(within);
    }
  }
});
