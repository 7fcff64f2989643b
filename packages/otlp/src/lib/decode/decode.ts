import { readMetricsJson } from "./json-metrics.ts";
import { readTracesJson } from "./json-traces.ts";
import type { Batch, MetricsBatch, OtlpFormat, TracesBatch } from "./model.ts";
import { readMetrics } from "./protobuf-metrics.ts";
import { readTraces } from "./protobuf-traces.ts";

/**
 * Decodes the body of `POST /v1/traces`, not compressed. Items that are bad by themselves are in `refusals`.
 * @throws OtlpError where the body as a whole is no OTLP.
 */
export function decodeTraces(body: Uint8Array, format: OtlpFormat): TracesBatch {
  return format === "json" ? readTracesJson(body) : readTraces(body);
}

/**
 * Decodes the body of `POST /v1/metrics`, not compressed.
 * @throws OtlpError where the body as a whole is no OTLP.
 */
export function decodeMetrics(body: Uint8Array, format: OtlpFormat): MetricsBatch {
  return format === "json" ? readMetricsJson(body) : readMetrics(body);
}

/** Either of the two, by what the batch holds. */
export function decodeBatch(kind: Batch["kind"], body: Uint8Array, format: OtlpFormat): Batch {
  return kind === "traces" ? decodeTraces(body, format) : decodeMetrics(body, format);
}
