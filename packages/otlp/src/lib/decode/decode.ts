import { readMetricsJson } from "./json/metrics.ts";
import { readTracesJson } from "./json/traces.ts";
import { type DecodeLimits, noLimits } from "./limits.ts";
import type { Batch, MetricsBatch, OtlpFormat, TracesBatch } from "./model.ts";
import { readMetrics } from "./protobuf-metrics.ts";
import { readTraces } from "./protobuf-traces.ts";
import { finish, type Steps } from "./steps.ts";

/**
 * Decodes the body of `POST /v1/traces`, not compressed. Items that are bad by themselves are in `refusals`.
 * @throws OtlpError if the body as a whole is not OTLP
 */
export function decodeTraces(body: Uint8Array, format: OtlpFormat): TracesBatch {
  return finish(tracesSteps(body, format, noLimits));
}

/**
 * Decodes the body of `POST /v1/metrics`, not compressed.
 * @throws OtlpError if the body as a whole is not OTLP
 */
export function decodeMetrics(body: Uint8Array, format: OtlpFormat): MetricsBatch {
  return finish(metricsSteps(body, format, noLimits));
}

/** Either of the two, by what the batch holds. */
export function decodeBatch(kind: Batch["kind"], body: Uint8Array, format: OtlpFormat): Batch {
  return finish(decodeSteps(kind, body, format, noLimits));
}

/**
 * The same in steps, so that a long body does not keep a thread from everything else.
 * @throws OtlpError if the body as a whole is not OTLP, or holds more than `limits` allow
 */
export function decodeSteps(
  kind: Batch["kind"],
  body: Uint8Array,
  format: OtlpFormat,
  limits: DecodeLimits,
): Steps<Batch> {
  return kind === "traces" ? tracesSteps(body, format, limits) : metricsSteps(body, format, limits);
}

function tracesSteps(body: Uint8Array, format: OtlpFormat, limits: DecodeLimits): Steps<TracesBatch> {
  return format === "json" ? readTracesJson(body, limits) : readTraces(body, limits);
}

function metricsSteps(body: Uint8Array, format: OtlpFormat, limits: DecodeLimits): Steps<MetricsBatch> {
  return format === "json" ? readMetricsJson(body, limits) : readMetrics(body, limits);
}
