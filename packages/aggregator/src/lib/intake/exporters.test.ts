import { type Attributes, SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { attribute, semconv, serviceMetrics, spanName } from "@slipstream/conventions";
import type { Span } from "@slipstream/otlp/decode";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Receiver, startReceiver } from "./testing/receiver.ts";

// OpenTelemetry's own exporters, as a service has them that knows nothing of us.

const TOKEN = "s3cret";
const TRADES = 700;

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver({ token: TOKEN });
});
afterEach(() => receiver.close());

const resource = resourceFromAttributes({
  [semconv.serviceName]: "stock",
  [semconv.serviceInstanceId]: "i-1",
  "host.name": "h",
});

const idOf = ({ span0, span1 }: Span): string =>
  [span0, span1].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");

type Gzip = NonNullable<ConstructorParameters<typeof JsonExporter>[0]>["compression"];
const compressions = ["none", "gzip"] as Gzip[];
const cases = compressions.flatMap((compression) => [
  { name: `JSON, ${compression}`, Exporter: JsonExporter, compression },
  { name: `protobuf, ${compression}`, Exporter: ProtobufExporter, compression },
]);

describe.each(cases)("spans in $name", ({ Exporter, compression }) => {
  test("are counted exactly, with every value as it was set", async () => {
    const exporter = new Exporter({
      url: `${receiver.server.url}/v1/traces`,
      headers: { authorization: `Bearer ${TOKEN}` },
      ...(compression === undefined ? {} : { compression }),
    });
    const processor = new BatchSpanProcessor(exporter, { maxQueueSize: 10_000, maxExportBatchSize: 200 });
    const provider = new NodeTracerProvider({ resource, spanProcessors: [processor] });
    const tracer = provider.getTracer("test");
    const sent = new Map<string, Attributes>();
    for (let index = 0; index < TRADES; index++) {
      const attributes = {
        [attribute.tradeId]: `trade-${index}`,
        [attribute.tradeSizeUsd]: index % 2 === 0 ? index : index + 0.25,
        [attribute.tradePnlUsd]: 1 / 7 - index / 3,
        [attribute.tradeQuotedOut]: String(2n ** 64n - BigInt(index)),
        [attribute.solanaSlot]: 285_000_000 + index,
        [attribute.slipstreamCanary]: index % 7 === 0,
        [semconv.urlFull]: "https://rpc.example.com/v1?api-key=SECRET",
        "other.list": ["a", "b"],
        "other.text": "never kept ✓",
      };
      const span = tracer.startSpan(spanName.tradeExecute, { attributes, kind: SpanKind.CLIENT });
      if (index % 3 === 0) span.setStatus({ code: SpanStatusCode.ERROR, message: "no" });
      span.addEvent("event", { x: 1 });
      span.end();
      sent.set(span.spanContext().spanId, attributes);
    }
    await provider.shutdown();

    const spans = receiver.spans();
    expect(new Set(spans.map(idOf))).toEqual(new Set(sent.keys()));
    expect(spans).toHaveLength(TRADES);
    for (const span of spans) {
      const attributes = sent.get(idOf(span)) ?? {};
      for (const name of Object.values(attribute)) expect(span.attributes[name]).toEqual(attributes[name]);
      expect(span.attributes[semconv.urlFull]).toBe("https://rpc.example.com/v1");
      expect(span).toMatchObject({ name: spanName.tradeExecute, kind: 3, hasParent: false });
      expect(span.resource).toEqual({ service: "stock", instance: "i-1", desk: "" });
      expect(Math.abs(Date.now() - span.endMs)).toBeLessThan(60_000);
    }
    expect(spans.filter(({ statusCode }) => statusCode === 2)).toHaveLength(Math.ceil(TRADES / 3));
    expect(receiver.intake.counts()).toEqual({ accepted: Math.ceil(TRADES / 200) });
  });
});

test.each(compressions)("metrics in protobuf, %s: the gauges we learn are kept", async (compression) => {
  const exporter = new OTLPMetricExporter({
    url: `${receiver.server.url}/v1/metrics`,
    headers: { authorization: `Bearer ${TOKEN}` },
    ...(compression === undefined ? {} : { compression }),
  });
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ resource, readers: [reader] });
  const meter = provider.getMeter("test");
  meter.createGauge(serviceMetrics.openPositions.name).record(4);
  meter.createUpDownCounter(serviceMetrics.activeConnections.name).add(2, { type: "redis" });
  meter.createGauge(serviceMetrics.memoryUsage.name).record(1.5e9, { ignored: "label" });
  meter.createHistogram(serviceMetrics.solanaNodeLatency.name).record(0.1);
  meter.createCounter(serviceMetrics.trades.name).add(1, { status: "success" });
  await provider.shutdown();

  const points = receiver.points().map(({ name, value, attributes }) => ({ name, value, attributes }));
  expect(points).toHaveLength(3);
  expect(points).toEqual(
    expect.arrayContaining([
      { name: serviceMetrics.openPositions.name, value: 4, attributes: {} },
      { name: serviceMetrics.activeConnections.name, value: 2, attributes: { type: "redis" } },
      { name: serviceMetrics.memoryUsage.name, value: 1.5e9, attributes: {} },
    ]),
  );
  expect(receiver.committed[0]?.record.batch).toMatchObject({ resources: [{ service: "stock" }] });
});

test("an exporter without the token fails, and is told why", async () => {
  const exporter = new ProtobufExporter({ url: `${receiver.server.url}/v1/traces` });
  const provider = new NodeTracerProvider({ resource, spanProcessors: [] });
  const result = await new Promise<{ code: number; error?: Error }>((done) => exporter.export([], done));
  expect(result.code).not.toBe(0);
  await Promise.all([exporter.shutdown(), provider.shutdown()]);
  expect(receiver.intake.counts()).toEqual({ unauthorized: 1 });
});
