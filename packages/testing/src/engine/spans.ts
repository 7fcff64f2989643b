import { attribute, semconv, serviceMetrics, spanName } from "@slipstream/conventions";
import type { EngineRecord } from "@slipstream/engine";
import type { Attributes, MetricPoint, Resource, Span } from "@slipstream/otlp/decode";

/** A round time to count from: 2025-01-01T00:00:00Z, a multiple of 5 s. */
export const START_MS: number = Date.UTC(2025, 0, 1);

export function resource(service = "desk", instance = "a"): Resource {
  return { service, instance, desk: "" };
}

const DESK = resource();
let ids = 0;

/** A span of its own, 10 ms long unless told otherwise. */
export function span(name: string, endMs: number, rest: Partial<Span> = {}): Span {
  ids += 1;
  return {
    resource: DESK,
    name,
    kind: 1,
    trace0: 1,
    trace1: 2,
    trace2: 3,
    trace3: ids,
    span0: 7,
    span1: ids,
    hasParent: false,
    parent0: 0,
    parent1: 0,
    endMs,
    durationSeconds: 0.01,
    statusCode: 0,
    attributes: {},
    ...rest,
  };
}

/** A child of the span, in its trace. */
export function child(parent: Span, name: string, endMs: number, rest: Partial<Span> = {}): Span {
  const { trace0, trace1, trace2, trace3, span0, span1 } = parent;
  const ids = { trace0, trace1, trace2, trace3, hasParent: true, parent0: span0, parent1: span1 };
  return span(name, endMs, { ...ids, resource: parent.resource, ...rest });
}

export function trade(endMs: number, attributes: Attributes = {}, rest: Partial<Span> = {}): Span {
  return span(spanName.tradeExecute, endMs, {
    attributes: { [attribute.tradeStatus]: "success", ...attributes },
    ...rest,
  });
}

export function rpc(endMs: number, method = "getSlot", rest: Partial<Span> = {}): Span {
  return span(spanName.solanaRpc, endMs, { kind: 3, attributes: { [semconv.rpcMethod]: method }, ...rest });
}

/** Spans as one record, received when the last of them ended unless told otherwise. */
export function traces(spans: readonly Span[], receivedMs?: number): EngineRecord {
  const newestMs = spans.reduce((newest, { endMs }) => Math.max(newest, endMs), 0);
  return { receivedMs: receivedMs ?? newestMs, batch: { kind: "traces", spans, refusals: [] } };
}

export function tick(receivedMs: number): EngineRecord {
  return { receivedMs, batch: { kind: "tick" } };
}

export function point(
  metric: keyof typeof serviceMetrics,
  value: number | undefined,
  timeMs: number,
  rest: Partial<MetricPoint> = {},
): MetricPoint {
  return { resource: DESK, name: serviceMetrics[metric].name, attributes: {}, timeMs, value, ...rest };
}

export function metrics(points: readonly MetricPoint[], receivedMs?: number): EngineRecord {
  const newestMs = points.reduce((newest, { timeMs }) => Math.max(newest, timeMs), 0);
  const resources = [...new Set(points.map((each) => each.resource))];
  return { receivedMs: receivedMs ?? newestMs, batch: { kind: "metrics", points, resources, refusals: [] } };
}
