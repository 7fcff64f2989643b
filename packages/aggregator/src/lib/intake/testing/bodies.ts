import { randomBytes } from "node:crypto";
import { attribute, semconv, serviceMetrics, spanName } from "@slipstream/conventions";
import { encode, type SpanMessage } from "@slipstream/testing/otlp-schema";

const MS = 1_000_000n;

/** A trade that ended at `endMs` (Unix ms) after `durationMs`. */
export function tradeSpan(endMs: number = Date.now(), durationMs: number = 5): SpanMessage {
  const end = BigInt(Math.round(endMs)) * MS;
  return {
    traceId: randomBytes(16),
    spanId: randomBytes(8),
    name: spanName.tradeExecute,
    kind: 1,
    startTimeUnixNano: String(end - BigInt(durationMs) * MS),
    endTimeUnixNano: String(end),
    attributes: [{ key: attribute.tradePair, value: { stringValue: "SOL/USDC" } }],
    status: { code: 1 },
  };
}

const resource = { attributes: [{ key: semconv.serviceName, value: { stringValue: "bot" } }] };

export function tracesBody(...spans: SpanMessage[]): Uint8Array {
  return encode("TracesRequest", { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] });
}

export function tracesJsonBody(...spans: SpanMessage[]): string {
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
  const scopeSpans = [
    { spans: spans.map((span) => ({ ...span, traceId: hex(span.traceId), spanId: hex(span.spanId) })) },
  ];
  return JSON.stringify({ resourceSpans: [{ resource, scopeSpans }] });
}

export function gaugeBody(value: number, timeMs: number = Date.now()): Uint8Array {
  const dataPoints = [{ timeUnixNano: String(BigInt(Math.round(timeMs)) * MS), asDouble: value }];
  const metrics = [{ name: serviceMetrics.openPositions.name, gauge: { dataPoints } }];
  return encode("MetricsRequest", { resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] });
}
