import protobuf from "protobufjs";

/** The parts of opentelemetry-proto 1.9 that Slipstream reads or writes, with fields that it skips among them. */
const SCHEMA = `
syntax = "proto3";
message TracesRequest { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
message ScopeSpans { Scope scope = 1; repeated Span spans = 2; string schema_url = 3; }
message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
message Scope { string name = 1; string version = 2; repeated KeyValue attributes = 3; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; fixed32 flags = 16;
  string name = 5; int32 kind = 6; fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8;
  repeated KeyValue attributes = 9; uint32 dropped_attributes_count = 10; repeated Event events = 11;
  uint32 dropped_events_count = 12; repeated Link links = 13; uint32 dropped_links_count = 14; Status status = 15;
}
message Event {
  fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; uint32 dropped_attributes_count = 4;
}
message Link {
  bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; repeated KeyValue attributes = 4;
  uint32 dropped_attributes_count = 5; fixed32 flags = 6;
}
message Status { string message = 2; int32 code = 3; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue {
  oneof value {
    string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4;
    ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7;
  }
}
message ArrayValue { repeated AnyValue values = 1; }
message KeyValueList { repeated KeyValue values = 1; }
message MetricsRequest { repeated ResourceMetrics resource_metrics = 1; }
message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; string schema_url = 3; }
message ScopeMetrics { Scope scope = 1; repeated Metric metrics = 2; }
message Metric {
  string name = 1; string description = 2; string unit = 3;
  oneof data { Gauge gauge = 5; Sum sum = 7; Histogram histogram = 9; ExponentialHistogram exponential_histogram = 10; Summary summary = 11; }
}
message Gauge { repeated NumberDataPoint data_points = 1; }
message Sum { repeated NumberDataPoint data_points = 1; int32 aggregation_temporality = 2; bool is_monotonic = 3; }
message Histogram { repeated HistogramDataPoint data_points = 1; int32 aggregation_temporality = 2; }
message HistogramDataPoint {
  repeated KeyValue attributes = 9; fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3; fixed64 count = 4;
  optional double sum = 5; repeated fixed64 bucket_counts = 6; repeated double explicit_bounds = 7;
  optional double min = 11; optional double max = 12;
}
message ExponentialHistogram { repeated ExponentialHistogramDataPoint data_points = 1; int32 aggregation_temporality = 2; }
message ExponentialHistogramDataPoint {
  repeated KeyValue attributes = 1; fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3; fixed64 count = 4;
  optional double sum = 5; sint32 scale = 6;
}
message Summary { repeated SummaryDataPoint data_points = 1; }
message SummaryDataPoint {
  repeated KeyValue attributes = 7; fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3; fixed64 count = 4;
  double sum = 5; repeated ValueAtQuantile quantile_values = 6;
}
message ValueAtQuantile { double quantile = 1; double value = 2; }
message NumberDataPoint {
  repeated KeyValue attributes = 7; fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3;
  oneof value { double as_double = 4; sfixed64 as_int = 6; }
  uint32 flags = 8; repeated Exemplar exemplars = 5;
}
message Exemplar { fixed64 time_unix_nano = 2; double as_double = 3; repeated KeyValue filtered_attributes = 7; }
message ExportResponse { PartialSuccess partial_success = 1; }
message PartialSuccess { int64 rejected = 1; string error_message = 2; }
message RpcStatus { int32 code = 1; string message = 2; }
`;

const { root } = protobuf.parse(SCHEMA);

/** protobufjs' own reader and writer of a message of the schema. */
export function messageType(name: string): protobuf.Type {
  return root.lookupType(name);
}

/** Fields in camelCase; 64-bit integers as decimal strings, bytes as Uint8Array. */
export interface AnyValue {
  stringValue?: string;
  boolValue?: boolean;
  intValue?: string;
  doubleValue?: number;
  arrayValue?: { values: AnyValue[] };
  kvlistValue?: { values: KeyValue[] };
  /** Base64. */
  bytesValue?: string;
}

export interface KeyValue {
  key: string;
  value?: AnyValue;
}

export interface SpanMessage {
  traceId: Uint8Array;
  spanId: Uint8Array;
  parentSpanId?: Uint8Array;
  traceState?: string;
  flags?: number;
  name: string;
  kind?: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes?: KeyValue[];
  events?: { timeUnixNano: string; name: string; attributes: KeyValue[] }[];
  status?: { code: number; message?: string };
}

export interface ResourceMessage {
  attributes: KeyValue[];
}

export interface TracesRequest {
  resourceSpans: { resource?: ResourceMessage; scopeSpans: { spans: SpanMessage[] }[] }[];
}

export interface PointMessage {
  attributes?: KeyValue[];
  timeUnixNano: string;
  asDouble?: number;
  asInt?: string;
  flags?: number;
}

export interface DistributionPointMessage {
  timeUnixNano: string;
  count: string;
  sum: number;
}

export interface MetricMessage {
  name: string;
  gauge?: { dataPoints: PointMessage[] };
  sum?: { dataPoints: PointMessage[]; aggregationTemporality?: number; isMonotonic?: boolean };
  histogram?: { dataPoints: DistributionPointMessage[] };
  exponentialHistogram?: { dataPoints: DistributionPointMessage[] };
  summary?: { dataPoints: DistributionPointMessage[] };
}

export interface MetricsRequest {
  resourceMetrics: { resource?: ResourceMessage; scopeMetrics: { metrics: MetricMessage[] }[] }[];
}

/** The body of an answer that rejects a part. */
export interface ExportResponse {
  partialSuccess: { rejected: number; errorMessage: string };
}

/** Encodes a message as the sender's protobuf library would. */
export function encode(type: "TracesRequest", message: TracesRequest): Uint8Array;
export function encode(type: "MetricsRequest", message: MetricsRequest): Uint8Array;
export function encode(type: "ExportResponse", message: ExportResponse): Uint8Array;
export function encode(type: string, message: object): Uint8Array {
  const schema = messageType(type);
  return schema.encode(schema.fromObject(message)).finish();
}

/** Decodes an answer of ours as the sender's protobuf library would. */
export function decodeAnswer(
  type: "ExportResponse" | "RpcStatus",
  body: Uint8Array,
): Record<string, unknown> {
  const schema = messageType(type);
  return schema.toObject(schema.decode(body), { longs: Number });
}
