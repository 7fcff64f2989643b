import { type Context, ROOT_CONTEXT, SpanKind, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { semconv } from "@slipstream/conventions";
import { runPython } from "@slipstream/testing/python";
import type { PlannedGauge, PlannedSpan } from "./span-plan.ts";

/** The exporter's own enum, from a package that is only a dependency of the exporter. */
type Compression = NonNullable<
  NonNullable<ConstructorParameters<typeof OTLPTraceExporter>[0]>["compression"]
>;

export interface Shipment {
  /** The aggregator's address, without a path. */
  readonly endpoint: string;
  readonly service: string;
  readonly gzip: boolean;
  readonly spans: readonly PlannedSpan[];
  readonly gauges?: readonly PlannedGauge[];
}

/** Sends by Python's stock OpenTelemetry SDK, which speaks protobuf. Resolves when all is acknowledged. */
export async function sendByPython({ gauges = [], ...shipment }: Shipment): Promise<void> {
  await runPython("otlp_client.py", [], JSON.stringify({ ...shipment, gauges }));
}

/** Sends spans by the stock JavaScript SDK's JSON exporter. Resolves when all is acknowledged. */
export async function sendByJavaScript({ endpoint, service, gzip, spans }: Shipment): Promise<void> {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint}/v1/traces`,
    compression: (gzip ? "gzip" : "none") as Compression,
  });
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ [semconv.serviceName]: service, [semconv.serviceInstanceId]: "js-1" }),
    spanProcessors: [new BatchSpanProcessor(exporter, { maxQueueSize: 1_000_000 })],
  });
  const tracer = provider.getTracer("plan");
  const send = (planned: PlannedSpan, context: Context): void => {
    const { name, kind, startNs, endNs, attributes, children } = planned;
    const span = tracer.startSpan(
      name,
      {
        kind: kind === "client" ? SpanKind.CLIENT : SpanKind.INTERNAL,
        startTime: highResolution(startNs),
        attributes,
      },
      context,
    );
    for (const child of children) send(child, trace.setSpan(context, span));
    span.end(highResolution(endNs));
  };
  for (const span of spans) send(span, ROOT_CONTEXT);
  await provider.forceFlush();
  await provider.shutdown();
}

function highResolution(ns: string): [seconds: number, nanos: number] {
  const value = BigInt(ns);
  return [Number(value / 1_000_000_000n), Number(value % 1_000_000_000n)];
}
