import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import protobuf from "protobufjs";

/** What is needed of opentelemetry-proto 1.x; fields not named here are skipped. */
const proto = `
  syntax = "proto3";
  message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message Status { string message = 2; int32 code = 3; }
  message Span {
    bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
    fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9; Status status = 15;
  }
  message ScopeSpans { repeated Span spans = 2; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
  message Traces { repeated ResourceSpans resource_spans = 1; }
  message NumberDataPoint { fixed64 time_unix_nano = 3; oneof value { double as_double = 4; sfixed64 as_int = 6; } repeated KeyValue attributes = 7; }
  message Gauge { repeated NumberDataPoint data_points = 1; }
  message Sum { repeated NumberDataPoint data_points = 1; }
  message HistogramDataPoint { fixed64 count = 4; double sum = 5; repeated KeyValue attributes = 9; }
  message Histogram { repeated HistogramDataPoint data_points = 1; }
  message Metric { string name = 1; oneof data { Gauge gauge = 5; Sum sum = 7; Histogram histogram = 9; } }
  message ScopeMetrics { repeated Metric metrics = 2; }
  message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; }
  message Metrics { repeated ResourceMetrics resource_metrics = 1; }
`;
const { root } = protobuf.parse(proto);
const Traces = root.lookupType("Traces");
const Metrics = root.lookupType("Metrics");

export interface ReceivedSpan {
  readonly service: unknown;
  readonly traceId: string;
  readonly spanId: string;
  /** "" of a root. */
  readonly parentId: string;
  readonly name: string;
  readonly kind: number;
  readonly durationMs: number;
  readonly endMs: number;
  readonly failed: boolean;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A point by its metric's name, and its attributes as `name{key=value}`: a gauge's or sum's value, a histogram's count. */
export type ReceivedPoints = ReadonlyMap<string, number>;

export interface OtlpReceiver {
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  /** The newest of each. */
  readonly points: ReceivedPoints;
  /** Every value a gauge or sum was seen to have, in order. */
  history(point: string): readonly number[];
  close(): Promise<void>;
}

interface Attribute {
  readonly key: string;
  readonly value?: Readonly<Record<string, unknown>>;
}

/** A minimal OTLP/HTTP receiver on loopback: protobuf, gzip or not. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const points = new Map<string, number>();
  const histories = new Map<string, number[]>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const sent = Buffer.concat(chunks);
    const body = request.headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent;
    if (request.url === "/v1/traces") spans.push(...readSpans(body));
    else if (request.url === "/v1/metrics") {
      for (const [point, value] of readPoints(body)) {
        points.set(point, value);
        const history = histories.get(point) ?? [];
        histories.set(point, history);
        history.push(value);
      }
    } else response.statusCode = 404;
    response.setHeader("content-type", "application/x-protobuf").end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    points,
    history: (point) => histories.get(point) ?? [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface WireSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind?: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: readonly Attribute[];
  readonly status?: { readonly code?: number };
}

interface WireResource {
  readonly attributes?: readonly Attribute[];
}

function decode<T>(type: protobuf.Type, body: Uint8Array): T {
  return type.toObject(type.decode(body), { longs: String, bytes: String }) as T;
}

function* readSpans(body: Uint8Array): Generator<ReceivedSpan> {
  const { resourceSpans = [] } = decode<{
    resourceSpans?: { resource?: WireResource; scopeSpans?: { spans?: WireSpan[] }[] }[];
  }>(Traces, body);
  for (const { resource, scopeSpans = [] } of resourceSpans) {
    const service = attributesOf(resource?.attributes)["service.name"];
    for (const span of scopeSpans.flatMap(({ spans = [] }) => spans)) {
      const end = BigInt(span.endTimeUnixNano);
      yield {
        service,
        traceId: span.traceId,
        spanId: span.spanId,
        parentId: span.parentSpanId ?? "",
        name: span.name,
        kind: span.kind ?? 0,
        durationMs: Number(end - BigInt(span.startTimeUnixNano)) / 1e6,
        endMs: Number(end) / 1e6,
        failed: span.status?.code === 2,
        attributes: attributesOf(span.attributes),
      };
    }
  }
}

interface WirePoint {
  readonly asDouble?: number;
  readonly asInt?: string;
  readonly count?: string;
  readonly attributes?: readonly Attribute[];
}

interface WireMetric {
  readonly name: string;
  readonly gauge?: { readonly dataPoints?: readonly WirePoint[] };
  readonly sum?: { readonly dataPoints?: readonly WirePoint[] };
  readonly histogram?: { readonly dataPoints?: readonly WirePoint[] };
}

function* readPoints(body: Uint8Array): Generator<[string, number]> {
  const { resourceMetrics = [] } = decode<{
    resourceMetrics?: { scopeMetrics?: { metrics?: WireMetric[] }[] }[];
  }>(Metrics, body);
  const scopes = resourceMetrics.flatMap(({ scopeMetrics = [] }) => scopeMetrics);
  for (const { name, gauge, sum, histogram } of scopes.flatMap(({ metrics = [] }) => metrics)) {
    for (const point of (gauge ?? sum ?? histogram)?.dataPoints ?? []) {
      const labels = Object.entries(attributesOf(point.attributes)).map(([key, value]) => `${key}=${value}`);
      const key = labels.length === 0 ? name : `${name}{${labels.join(",")}}`;
      yield [key, Number(point.asDouble ?? point.asInt ?? point.count ?? 0)];
    }
  }
}

/** Integers of 64 bits come as bigint, the rest as it is. */
function attributesOf(attributes: readonly Attribute[] = []): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key, value = {} }) => [
      key,
      value.intValue === undefined
        ? (value.stringValue ?? value.doubleValue ?? value.boolValue)
        : BigInt(String(value.intValue)),
    ]),
  );
}
