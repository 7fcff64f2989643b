import { semconv } from "@slipstream/conventions";

/** OTLP's JSON: int64 as decimal strings. Source: opentelemetry-proto, trace/v1/trace.proto. */
export interface OtlpAttribute {
  readonly key: string;
  readonly value: { readonly stringValue: string } | { readonly intValue: string };
}

export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly name: string;
  /** 1 = internal. */
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code?: number };
  readonly attributes: readonly OtlpAttribute[];
}

/** An attribute of text (string) or of an integer (bigint); none where the value is not known. */
export function otlpAttribute(key: string, value: string | bigint | undefined): OtlpAttribute[] {
  if (value === undefined) return [];
  return [{ key, value: typeof value === "string" ? { stringValue: value } : { intValue: String(value) } }];
}

/** The body of an ExportTraceServiceRequest. */
export function tracesRequest(serviceName: string, spans: readonly OtlpSpan[]): string {
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: otlpAttribute(semconv.serviceName, serviceName) },
        scopeSpans: [{ scope: { name: "slipstream" }, spans }],
      },
    ],
  });
}
