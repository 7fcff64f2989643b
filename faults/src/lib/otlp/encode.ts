import protobuf from "protobufjs";
import type { MetricsRequest, TracesRequest } from "./messages.ts";

// The part of opentelemetry-proto 1.9 that the messages here need.
const SCHEMA = `
syntax = "proto3";
message Traces { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
message ScopeSpans { repeated Span spans = 2; }
message Metrics { repeated ResourceMetrics resource_metrics = 1; }
message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; }
message ScopeMetrics { repeated Metric metrics = 2; }
message Metric { string name = 1; Gauge gauge = 5; }
message Gauge { repeated NumberDataPoint data_points = 1; }
message NumberDataPoint { fixed64 time_unix_nano = 3; double as_double = 4; repeated KeyValue attributes = 7; }
message Resource { repeated KeyValue attributes = 1; }
message Status { int32 code = 3; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
  fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9; Status status = 15;
}
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }
`;

const { root } = protobuf.parse(SCHEMA);

/** The request as a sender's protobuf library writes it. */
export function encodeProtobuf(request: TracesRequest | MetricsRequest): Uint8Array {
  const type = root.lookupType("resourceSpans" in request ? "Traces" : "Metrics");
  return type.encode(type.fromObject("resourceSpans" in request ? withBytes(request) : request)).finish();
}

/** The request as OTLP/JSON. */
export function encodeJson(request: TracesRequest | MetricsRequest): Uint8Array {
  return Buffer.from(JSON.stringify(request));
}

/** protobufjs takes text for base64, ours are hex. */
function withBytes({ resourceSpans }: TracesRequest): object {
  return {
    resourceSpans: resourceSpans.map(({ resource, scopeSpans }) => ({
      resource,
      scopeSpans: scopeSpans.map(({ spans }) => ({
        spans: spans.map(({ traceId, spanId, parentSpanId = "", ...span }) => ({
          ...span,
          traceId: Buffer.from(traceId, "hex"),
          spanId: Buffer.from(spanId, "hex"),
          parentSpanId: Buffer.from(parentSpanId, "hex"),
        })),
      })),
    })),
  };
}
