import { type Attributes, SpanKind, type Tracer } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { spanName } from "@slipstream/conventions";
import type { TradeDetails } from "@slipstream/telemetry";
import type { Service } from "./instrumentation.ts";

/** OpenTelemetry's own tracing SDK with its batch processor and OTLP exporter: spans only, no metrics. */
export function stockService(endpoint: string): Service {
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces` });
  const processor = new BatchSpanProcessor(exporter, { scheduledDelayMillis: 500 });
  const provider = new NodeTracerProvider({ spanProcessors: [processor] });
  provider.register();
  const tracer = provider.getTracer("benchmark");
  return {
    execute: (details, work) =>
      tracer.startActiveSpan(spanName.tradeExecute, async (span) => {
        span.setAttributes(attributes(details));
        await work((more) => span.setAttributes(attributes(more)));
        span.end();
      }),
    track: (operation, work, method) => track(tracer, operation, work, method),
    flush: () => provider.forceFlush(),
    shutdown: () => provider.shutdown(),
  };
}

function track<T>(tracer: Tracer, operation: string, work: () => T, method: string | undefined): T {
  const options = {
    kind: SpanKind.CLIENT,
    ...(method === undefined ? {} : { attributes: { "rpc.method": method } }),
  };
  return tracer.startActiveSpan(operation, options, (span) => {
    const answer = work();
    if (answer instanceof Promise) {
      return answer.then((value) => {
        span.end();
        return value;
      }) as T;
    }
    span.end();
    return answer;
  });
}

function attributes(details: TradeDetails): Attributes {
  return Object.fromEntries(
    Object.entries(details).map(([key, value]) => [
      `trade.${key}`,
      typeof value === "bigint" ? String(value) : value,
    ]),
  );
}
