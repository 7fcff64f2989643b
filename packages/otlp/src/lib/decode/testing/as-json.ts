import type {
  AnyValue,
  KeyValue,
  MetricsRequest,
  SpanMessage,
  TracesRequest,
} from "@slipstream/testing/otlp-schema";

/** How a sender may write OTLP/JSON: names in camelCase or snake_case, integers as text or numbers, enums by name. */
export interface JsonStyle {
  readonly snakeCase: boolean;
  readonly integersAsNumbers: boolean;
  readonly enumsByName: boolean;
}

const KINDS = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"];
const CODES = ["UNSET", "OK", "ERROR"];

const hex = (bytes: Uint8Array | undefined): string | undefined =>
  bytes === undefined ? undefined : Buffer.from(bytes).toString("hex");

/** JSON has no NaN, no infinities and no negative zero. */
const double = (value: number): number | string =>
  Number.isFinite(value) && !Object.is(value, -0) ? value : Object.is(value, -0) ? "-0" : String(value);

function anyValue(value: AnyValue, style: JsonStyle): object {
  if (value.intValue !== undefined) {
    const safe = Number.isSafeInteger(Number(value.intValue));
    return { intValue: style.integersAsNumbers && safe ? Number(value.intValue) : value.intValue };
  }
  if (value.doubleValue !== undefined) return { doubleValue: double(value.doubleValue) };
  if (value.arrayValue)
    return { arrayValue: { values: value.arrayValue.values.map((item) => anyValue(item, style)) } };
  if (value.kvlistValue) return { kvlistValue: { values: attributesOf(value.kvlistValue.values, style) } };
  return value;
}

function attributesOf(attributes: readonly KeyValue[] | undefined, style: JsonStyle): object[] | undefined {
  return attributes?.map(({ key, value }) => ({ key, value: value && anyValue(value, style) }));
}

function spanOf(span: SpanMessage, style: JsonStyle): object {
  const kind = span.kind === undefined ? undefined : KINDS[span.kind];
  const code = span.status === undefined ? undefined : CODES[span.status.code];
  return {
    ...span,
    traceId: hex(span.traceId),
    spanId: hex(span.spanId),
    parentSpanId: hex(span.parentSpanId),
    kind: style.enumsByName && kind !== undefined ? `SPAN_KIND_${kind}` : span.kind,
    attributes: attributesOf(span.attributes, style),
    status: style.enumsByName && code !== undefined ? { code: `STATUS_CODE_${code}` } : span.status,
  };
}

function write(message: object, { snakeCase }: JsonStyle): Uint8Array {
  const text = JSON.stringify(message, (_, value: unknown) => {
    if (!snakeCase || typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => [
        name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
        field,
      ]),
    );
  });
  return Buffer.from(text);
}

export function tracesJson({ resourceSpans }: TracesRequest, style: JsonStyle): Uint8Array {
  const message = resourceSpans.map(({ resource, scopeSpans }) => ({
    resource: resource && { attributes: attributesOf(resource.attributes, style) },
    scopeSpans: scopeSpans.map(({ spans }) => ({ spans: spans.map((span) => spanOf(span, style)) })),
  }));
  return write({ resourceSpans: message }, style);
}

export function metricsJson({ resourceMetrics }: MetricsRequest, style: JsonStyle): Uint8Array {
  const message = resourceMetrics.map(({ resource, scopeMetrics }) => ({
    resource: resource && { attributes: attributesOf(resource.attributes, style) },
    scopeMetrics: scopeMetrics.map(({ metrics }) => ({
      metrics: metrics.map((metric) => {
        const points = (metric.gauge ?? metric.sum)?.dataPoints.map((point) => ({
          ...point,
          asDouble: point.asDouble === undefined ? undefined : double(point.asDouble),
          attributes: attributesOf(point.attributes, style),
        }));
        const kind = metric.gauge ? "gauge" : "sum";
        return { ...metric, [kind]: points && { ...metric[kind], dataPoints: points } };
      }),
    })),
  }));
  return write({ resourceMetrics: message }, style);
}
