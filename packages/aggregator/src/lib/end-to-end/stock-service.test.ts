import { type Attributes, context, SpanKind, type Tracer, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { semconv, serviceMetrics } from "@slipstream/conventions";
import { eventually } from "@slipstream/testing/eventually";
import { parseExposition } from "@slipstream/testing/parse-exposition";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAggregator } from "../aggregator.ts";
import type { Aggregator } from "../aggregator-options.ts";
import { IN_MEMORY } from "../data-folder.ts";

// A service that has OpenTelemetry's own SDK and spans by its semantic conventions, and nothing of Slipstream.
const rpc: Attributes = { [semconv.rpcSystemName]: "jsonrpc", [semconv.rpcMethod]: "getLatestBlockhash" };
const http = (url: string): Attributes => ({
  [semconv.httpMethod]: "POST",
  [semconv.urlFull]: url,
  [semconv.serverAddress]: new URL(url).hostname,
  [semconv.httpStatus]: 200,
});
const database = (operation: string): Attributes => ({
  [semconv.dbSystem]: "postgresql",
  [semconv.dbOperation]: operation,
});

let aggregator: Aggregator;

/** A client span of `ms`, with another inside of it where `inner` is given. */
function call(tracer: Tracer, attributes: Attributes, ms: number, inner?: Attributes): void {
  const endTime = Date.now() - 100;
  const startTime = endTime - ms;
  const span = tracer.startSpan("call", { kind: SpanKind.CLIENT, attributes, startTime });
  if (inner !== undefined) {
    const inside = trace.setSpan(context.active(), span);
    tracer.startSpan("POST", { kind: SpanKind.CLIENT, attributes: inner, startTime }, inside).end(endTime);
  }
  span.end(endTime);
}

beforeAll(async () => {
  aggregator = await createAggregator({ dataDir: IN_MEMORY, port: 0 });
  const exporter = new OTLPTraceExporter({ url: `${aggregator.url}/v1/traces` });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ "service.name": "stock" }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer("stock");
  for (let i = 0; i < 10; i++) call(tracer, rpc, 15, http("https://mainnet.helius-rpc.com/?api-key=secret"));
  for (let i = 0; i < 6; i++) call(tracer, http("https://api.jup.ag/swap/v1/quote?inputMint=a"), 33);
  for (let i = 0; i < 4; i++) call(tracer, database("INSERT"), 3);
  for (let i = 0; i < 5; i++) call(tracer, database("SELECT"), 4);
  for (let i = 0; i < 3; i++) call(tracer, http("https://example.com/news"), 70);
  await provider.shutdown();
});
afterAll(() => aggregator?.close());

test("node, Jupiter and database latency come of stock spans: a call told twice counts once, a read is no write", async () => {
  const { samples } = await eventually("the calls are counted", async () => {
    const parsed = parseExposition(await (await fetch(`${aggregator.url}/metrics`)).text());
    const node = parsed.samples.find(({ name }) => name === `${serviceMetrics.solanaNodeLatency.name}_count`);
    return node?.value === 10 && parsed;
  });
  const value = (name: string) => samples.find((sample) => sample.name === name)?.value;
  expect(value(`${serviceMetrics.jupiterApiLatency.name}_count`)).toBe(6);
  expect(value(`${serviceMetrics.databaseWriteLatency.name}_count`)).toBe(4);
  expect(value(`${serviceMetrics.solanaNodeLatency.name}_sum`)).toBeCloseTo(0.15, 6);
  const { statistics, services } = aggregator.current();
  expect(services.stock).toMatchObject({ received: 38, refused: 0, completeness: null });
  expect(statistics.node_latency_p99).toMatchObject({ value: 15, count: 10 });
  expect(statistics.jupiter_latency_p99).toMatchObject({ value: 33, count: 6 });
  expect(statistics.database_latency_p99).toMatchObject({ value: 3, count: 4 });
  expect(statistics.trade_latency_p99).toMatchObject({ value: null });
});
