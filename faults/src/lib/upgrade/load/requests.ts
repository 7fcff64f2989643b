import { attributesOf, nanos, resource, type SpanDraft, spanOf } from "./otlp-json.ts";
import { beginOf, oddSpans, PARTS, stockSpans, TRADE_MS, TRADES, tradeSpans } from "./trades.ts";

/**
 * What a fixture is recorded from: three parts of a desk's day, always the same, so that every total is known to the
 * last digit. It depends on no other code of the repository, because it is sent to old versions of it too.
 */

const BATCH = 8;

/** Settings of the engine. Few keys of spans seen, so that some are forgotten and the files stay small. */
export const ENGINE = { capitalUsd: 250_000, dedupeSpans: 1_024 };

export interface Request {
  readonly path: "/v1/traces" | "/v1/metrics";
  /** Time of receipt, Unix ms. */
  readonly receivedMs: number;
  readonly body: object;
}

/** The requests of a part, in the order of their receipt. */
export function requestsOf(part: number): readonly Request[] {
  const beginMs = beginOf(part);
  const requests: Request[] = [];
  const trades = Array.from({ length: TRADES }, (_, at) => at);
  for (let from = 0; from < TRADES; from += BATCH) {
    const some = trades.slice(from, from + BATCH);
    const receivedMs = beginMs + (from + BATCH) * TRADE_MS + 200;
    const spans = some.flatMap((at) => tradeSpans(part, at, beginMs));
    requests.push(traces(receivedMs, "desk", `desk-${part}`, spans));
    requests.push(gauges(receivedMs + 100, part, from));
    // Sent again, as after an answer that got lost.
    if (from === BATCH) requests.push(traces(receivedMs + 300, "desk", `desk-${part}`, spans));
  }
  const lastMs = beginMs + TRADES * TRADE_MS;
  requests.push(traces(lastMs + 1_000, "prices", "prices-1", stockSpans(part, lastMs)));
  // Late, from a clock that is ahead, from a recorded block, and one that cannot be read.
  requests.push(traces(lastMs + 2_000, "desk", `desk-${part}-b`, oddSpans(part, beginMs, lastMs)));
  return requests;
}

/** What comes after everything else: records that no checkpoint covers. */
export function tailRequests(): readonly Request[] {
  const beginMs = beginOf(PARTS - 1);
  const at = TRADES + 4;
  return [
    traces(beginMs + (at + 1) * TRADE_MS, "desk", `desk-${PARTS - 1}`, tradeSpans(PARTS - 1, at, beginMs)),
  ];
}

/** When everything was received, Unix ms. */
export const END_MS: number = beginOf(PARTS - 1) + (TRADES + 6) * TRADE_MS;

function traces(receivedMs: number, service: string, instance: string, spans: readonly SpanDraft[]): Request {
  return {
    path: "/v1/traces",
    receivedMs,
    body: {
      resourceSpans: [{ resource: resource(service, instance), scopeSpans: [{ spans: spans.map(spanOf) }] }],
    },
  };
}

function gauges(receivedMs: number, part: number, at: number): Request {
  const values: [name: string, value: number, attributes?: Record<string, string>][] = [
    ["circuit_breaker_state", part === 1 ? 1 : 0],
    ["active_connections", 3 + (at % 4), { type: "redis" }],
    ["active_connections", 5, { type: "questdb" }],
    ["memory_usage_bytes", 200_000_000 + at],
    ["slipstream_memory_limit_bytes", 512_000_000],
    ["cpu_usage_percent", 12.5 + at],
    ["slipstream_open_positions", part + 2],
    ["slipstream_dependency_up", 1, { type: "redis" }],
  ];
  const metrics = values.map(([name, asDouble, attributes = {}]) => {
    const point = { timeUnixNano: nanos(receivedMs - 50), asDouble, attributes: attributesOf(attributes) };
    return { name, gauge: { dataPoints: [point] } };
  });
  const body = {
    resourceMetrics: [{ resource: resource("desk", `desk-${part}`), scopeMetrics: [{ metrics }] }],
  };
  return { path: "/v1/metrics", receivedMs, body };
}
