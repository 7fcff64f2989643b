import { attribute, semconv, spanName } from "@slipstream/conventions";
import { encodeProtobuf } from "../otlp/encode.ts";
import { keyValues, type SpanMessage } from "../otlp/messages.ts";
import type { Batch } from "./batch.ts";

export interface BulkOptions {
  readonly index: number;
  /** Number of the first trade, from 0; no two trades share one. */
  readonly first: number;
  readonly trades: number;
  /** Event time of the first trade, Unix ms. */
  readonly fromMs: number;
  /** Event time between two trades, ms. */
  readonly stepMs: number;
}

/** Trades of a desk at an even pace as one request: for much event time in little time. */
export function bulkTrades({ index, first, trades, fromMs, stepMs }: BulkOptions): Batch {
  const spans = Array.from({ length: trades }, (_, i) => trade(first + i, fromMs + i * stepMs));
  const resource = {
    attributes: keyValues({ [semconv.serviceName]: "desk", [semconv.serviceInstanceId]: "a" }),
  };
  const body = encodeProtobuf({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] });
  return {
    index,
    kind: "traces",
    format: "protobuf",
    gzip: false,
    plain: body,
    body,
    spans: spans.map(({ traceId, spanId }) => `/desk ${traceId} ${spanId}`),
  };
}

function trade(number: number, timeMs: number): SpanMessage {
  const endNs = BigInt(Math.round(timeMs * 1_000)) * 1_000n;
  return {
    traceId: `5${number.toString(16).padStart(31, "0")}`,
    spanId: `5${number.toString(16).padStart(15, "0")}`,
    name: spanName.tradeExecute,
    kind: 1,
    startTimeUnixNano: String(endNs - 1_953_125n * BigInt(1 + ((number * 7_919) % 300))),
    endTimeUnixNano: String(endNs),
    attributes: keyValues({
      [attribute.tradeId]: `trade-${number}`,
      [attribute.tradePair]: "SOL/USDC",
      [attribute.tradeStatus]: number % 50 === 0 ? "failed" : "success",
      [attribute.tradePnlUsd]: ((number % 9) - 3) * 1.25,
      [attribute.slipstreamSeq]: number + 1,
    }),
    status: { code: 1 },
  };
}
