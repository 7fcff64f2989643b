import { semconv, serviceMetrics } from "@slipstream/conventions";
import type {
  AnyValue,
  KeyValue,
  MetricsRequest,
  ResourceMessage,
  SpanMessage,
  TracesRequest,
} from "@slipstream/testing/otlp-schema";
import { coerce, keptAttributes, type RawValue } from "../attributes.ts";

// What a decoder must give for a message, written down without regard to speed and without our readers.

const MAX_TEXT_BYTES = 1024;
const EARLIEST = BigInt(Date.UTC(2000, 0, 1)) * 1_000_000n;
const LATEST = BigInt(Date.UTC(2100, 0, 1)) * 1_000_000n;

function cut(text: string): string {
  const characters = [...text];
  while (Buffer.byteLength(characters.join("")) > MAX_TEXT_BYTES) characters.pop();
  return characters.join("");
}

function scalarOf(value: AnyValue | undefined): RawValue | undefined {
  if (value?.stringValue !== undefined) return cut(value.stringValue);
  if (value?.intValue !== undefined) {
    const integer = BigInt(value.intValue);
    return Number.isSafeInteger(Number(integer)) ? Number(integer) : integer;
  }
  const isOther = Object.keys(value ?? {}).some((name) => /^(array|kvlist|bytes)Value$/.test(name));
  return value?.boolValue ?? value?.doubleValue ?? (isOther ? null : undefined);
}

const isNoNumber = (value: unknown): boolean => typeof value === "number" && !Number.isFinite(value);

function attributesOf(attributes: readonly KeyValue[] = []): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const { key, value } of attributes) {
    const definition = keptAttributes.find(({ name }) => name === key);
    const raw = scalarOf(value);
    if (definition === undefined || raw === undefined) continue;
    const coerced = coerce(definition, raw);
    if (coerced !== undefined) kept[key] = coerced;
  }
  return kept;
}

function resourceOf(resource: ResourceMessage | undefined): Record<string, string> {
  const text = (key: string, otherwise: string): string => {
    const value = scalarOf(resource?.attributes.find((pair) => pair.key === key)?.value);
    const isUnknown = value == null || value === "" || isNoNumber(value);
    return isUnknown ? otherwise : String(value);
  };
  return {
    service: text(semconv.serviceName, "unknown_service"),
    instance: text(semconv.serviceInstanceId, ""),
    desk: text(semconv.desk, ""),
  };
}

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString("hex");
const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);
const plausible = (nanos: bigint): boolean => nanos >= EARLIEST && nanos < LATEST;
const toMs = (nanos: bigint): number => Number(nanos / 1_000_000n) + Number(nanos % 1_000_000n) / 1e6;

function spanOf(span: SpanMessage, resource: object): object | undefined {
  const start = BigInt(span.startTimeUnixNano);
  const end = BigInt(span.endTimeUnixNano);
  const good =
    span.traceId.length === 16 &&
    span.spanId.length === 8 &&
    !isZero(span.traceId) &&
    !isZero(span.spanId) &&
    plausible(start) &&
    plausible(end);
  if (!good) return undefined;
  const parent = span.parentSpanId ?? new Uint8Array(0);
  const kind = span.kind ?? 0;
  const code = span.status?.code ?? 0;
  return {
    resource,
    name: cut(span.name),
    kind: kind >= 0 && kind <= 5 ? kind : 0,
    traceId: hex(span.traceId),
    spanId: hex(span.spanId),
    hasParent: parent.length > 0 && !(parent.length === 8 && isZero(parent)),
    parentId: parent.length === 8 ? hex(parent) : "0".repeat(16),
    endMs: toMs(end),
    durationSeconds: Number(end - start) / 1e9,
    statusCode: code === 1 || code === 2 ? code : 0,
    attributes: attributesOf(span.attributes),
  };
}

export function expectedTraces(request: TracesRequest): { spans: object[]; refusals: object[] } {
  const spans: object[] = [];
  const refusals: object[] = [];
  for (const { resource: message, scopeSpans } of request.resourceSpans) {
    const resource = resourceOf(message);
    const all = scopeSpans.flatMap((scope) => scope.spans.map((span) => spanOf(span, resource)));
    const good = all.filter((span) => span !== undefined);
    spans.push(...good);
    if (good.length < all.length) refusals.push({ resource, count: all.length - good.length });
  }
  return { spans, refusals };
}

const learned = Object.values(serviceMetrics).filter(({ kind }) => kind === "gauge");

export function expectedMetrics(request: MetricsRequest): {
  points: object[];
  resources: object[];
  refused: number;
} {
  const points: object[] = [];
  const resources: object[] = [];
  let refused = 0;
  for (const { resource: message, scopeMetrics } of request.resourceMetrics) {
    const resource = resourceOf(message);
    resources.push(resource);
    for (const { name, gauge, sum, ...distributions } of scopeMetrics.flatMap(({ metrics }) => metrics)) {
      if (!learned.some((definition) => definition.name === name)) continue;
      const { histogram, exponentialHistogram, summary } = distributions;
      const distribution = histogram ?? exponentialHistogram ?? summary;
      for (const { timeUnixNano } of distribution?.dataPoints ?? []) {
        const time = BigInt(timeUnixNano);
        const point = { resource, name, attributes: {}, timeMs: toMs(time), value: undefined };
        if (plausible(time)) points.push({ ...point, noLevel: "distribution" });
        else refused++;
      }
      for (const point of (gauge ?? sum)?.dataPoints ?? []) {
        const time = BigInt(point.timeUnixNano);
        const value = point.asInt === undefined ? point.asDouble : Number(point.asInt);
        if (!plausible(time)) refused++;
        else if (((point.flags ?? 0) & 1) === 0) {
          const type = scalarOf(point.attributes?.find(({ key }) => key === "type")?.value);
          const attributes = type == null || isNoNumber(type) ? {} : { type: String(type) };
          const noLevel =
            sum?.aggregationTemporality === 1 ? "delta" : sum?.isMonotonic ? "monotonic" : undefined;
          const level = { resource, name, attributes, timeMs: toMs(time), value };
          points.push(noLevel === undefined ? level : { ...level, noLevel });
        }
      }
    }
  }
  return { points, resources, refused };
}
