import { randomBytes } from "node:crypto";

type AttributeValue = string | number | boolean;

/** What a test says of a span; the rest is made up. */
export interface SpanToSend {
  readonly name: string;
  /** Hexadecimal. Default: random. */
  readonly traceId?: string;
  readonly spanId?: string;
  readonly parentSpanId?: string;
  /** Default: 1, internal. */
  readonly kind?: number;
  /** 2 is an error. */
  readonly status?: number;
  readonly durationMs?: number;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
}

export interface PointToSend {
  readonly name: string;
  readonly value: number;
  /** Default: now. */
  readonly timeMs?: number;
}

export type ResourceToSend = Readonly<Record<string, AttributeValue>>;

const DESK: ResourceToSend = { "service.name": "desk", "service.instance.id": "a" };

export function traceId(): string {
  return randomBytes(16).toString("hex");
}

export function spanId(): string {
  return randomBytes(8).toString("hex");
}

/** Sends spans as OTLP/HTTP in JSON. @returns the status of the answer */
export async function sendSpans(
  url: string,
  spans: readonly SpanToSend[],
  resource: ResourceToSend = DESK,
): Promise<number> {
  const nowNano = BigInt(Date.now()) * 1_000_000n;
  const encoded = spans.map(({ durationMs = 5, attributes = {}, status, ...span }) => ({
    traceId: traceId(),
    spanId: spanId(),
    kind: 1,
    ...span,
    startTimeUnixNano: `${nowNano - BigInt(Math.round(durationMs * 1e6))}`,
    endTimeUnixNano: `${nowNano}`,
    attributes: encodeAttributes(attributes),
    status: status === undefined ? {} : { code: status },
  }));
  const scopeSpans = [{ spans: encoded }];
  return post(`${url}/v1/traces`, {
    resourceSpans: [{ resource: { attributes: encodeAttributes(resource) }, scopeSpans }],
  });
}

/** Sends gauges as OTLP/HTTP in JSON. @returns the status of the answer */
export function sendPoints(
  url: string,
  points: readonly PointToSend[],
  resource: ResourceToSend = DESK,
): Promise<number> {
  const metrics = points.map(({ name, value, timeMs = Date.now() }) => ({
    name,
    gauge: { dataPoints: [{ asDouble: value, timeUnixNano: `${BigInt(timeMs) * 1_000_000n}` }] },
  }));
  return sendMetrics(url, metrics, resource);
}

/** Sends metrics as they are in OTLP/JSON. @returns the status of the answer */
export function sendMetrics(
  url: string,
  metrics: readonly object[],
  resource: ResourceToSend = DESK,
): Promise<number> {
  return post(`${url}/v1/metrics`, {
    resourceMetrics: [{ resource: { attributes: encodeAttributes(resource) }, scopeMetrics: [{ metrics }] }],
  });
}

async function post(url: string, body: object): Promise<number> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  await response.arrayBuffer();
  return response.status;
}

function encodeAttributes(attributes: Readonly<Record<string, AttributeValue>>): readonly object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: encodeValue(value) }));
}

function encodeValue(value: AttributeValue): object {
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "string") return { stringValue: value };
  return Number.isInteger(value) ? { intValue: `${value}` } : { doubleValue: value };
}
