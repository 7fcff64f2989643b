import { messageType } from "./otlp-schema.ts";

/** Requests as protobufjs decodes them: for tests of what Slipstream's own code sends. */
export interface KeyValue {
  readonly key: string;
  readonly value: {
    readonly stringValue?: string;
    readonly boolValue?: boolean;
    readonly intValue?: string;
    readonly doubleValue?: number;
    readonly arrayValue?: { readonly values: readonly KeyValue["value"][] };
  };
}
export interface DecodedSpan {
  /** Base64, as the other ids. */
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly KeyValue[];
  readonly events: readonly { readonly name: string; readonly attributes: readonly KeyValue[] }[];
  readonly status?: { readonly message: string; readonly code: number };
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}
export interface NumberPoint {
  readonly attributes: readonly KeyValue[];
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
  readonly asDouble?: number;
  readonly asInt?: string;
}
export interface HistogramPoint {
  readonly attributes: readonly KeyValue[];
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
  readonly count: string;
  readonly sum: number;
  readonly bucketCounts: readonly string[];
  readonly explicitBounds: readonly number[];
}
export interface DecodedMetric {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly gauge?: { readonly dataPoints: readonly NumberPoint[] };
  readonly sum?: {
    readonly dataPoints: readonly NumberPoint[];
    readonly aggregationTemporality: number;
    readonly isMonotonic: boolean;
  };
  readonly histogram?: {
    readonly dataPoints: readonly HistogramPoint[];
    readonly aggregationTemporality: number;
  };
}
interface WithResource {
  readonly resource: { readonly attributes: readonly KeyValue[] };
}
export interface TracesRequest {
  readonly resourceSpans: readonly (WithResource & {
    readonly scopeSpans: readonly {
      readonly scope: { readonly name: string; readonly version: string };
      readonly spans: readonly DecodedSpan[];
      readonly schemaUrl: string;
    }[];
  })[];
}
export interface MetricsRequest {
  readonly resourceMetrics: readonly (WithResource & {
    readonly scopeMetrics: readonly { readonly metrics: readonly DecodedMetric[] }[];
  })[];
}

export function decodeTracesRequest(body: Uint8Array): TracesRequest {
  return decode("TracesRequest", body) as TracesRequest;
}

export function decodeMetricsRequest(body: Uint8Array): MetricsRequest {
  return decode("MetricsRequest", body) as MetricsRequest;
}

/** Attributes by key, as plain values; an int64 stays a string. */
export function plain(attributes: readonly KeyValue[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plainValue(value)]));
}

function plainValue(value: KeyValue["value"] | undefined): unknown {
  if (value?.arrayValue !== undefined) return value.arrayValue.values.map(plainValue);
  return value?.stringValue ?? value?.boolValue ?? value?.intValue ?? value?.doubleValue;
}

function decode(type: string, body: Uint8Array): unknown {
  const message = messageType(type);
  return message.toObject(message.decode(body), {
    longs: String,
    bytes: String,
    arrays: true,
    oneofs: false,
  });
}
