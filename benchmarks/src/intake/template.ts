import { attribute } from "@slipstream/conventions";
import { messageType } from "@slipstream/testing/otlp-schema";
import { SPANS_PER_TRADE, TRADE_ID_DIGITS, type TradeSpan, tradeSpans } from "./trade-spans.ts";

const exportTraceServiceRequest = messageType("TracesRequest");

/** Spans of a request. */
export const SPANS = 512;
export const SERVICE = "arbitrage-desk";

/** Where that which differs from request to request stands in a body. */
interface Places {
  readonly traceId: number;
  readonly spanId: number;
  /** 0 where the span has no parent. */
  readonly parentId: number;
  readonly start: number;
  readonly end: number;
  readonly seq: number;
  /** After the last digit of `trade.id`. */
  readonly tradeIdEnd: number;
  /** 0 where the span has none. */
  readonly signature: number;
}

export interface Template {
  readonly body: Buffer;
  readonly spans: readonly { readonly span: TradeSpan; readonly places: Places }[];
}

// What is searched for in the body; each stands behind the tag and the length that it has there.
const TRACE_ID = Buffer.alloc(16, 0xe1);
const SPAN_ID = Buffer.alloc(8, 0xe2);
const PARENT_ID = Buffer.alloc(8, 0xe3);
const START = Buffer.alloc(8, 0xe4);
const END = Buffer.alloc(8, 0xe5);
const NUMBER = Buffer.from(attribute.slipstreamSeq);
const TRADE_ID = Buffer.from(attribute.tradeId);
const SIGNATURE = Buffer.from(attribute.solanaSignature);

/** Request `n` of the stream: the spans from 512 n on. */
export function template(n: number): Template {
  const spans = Array.from({ length: SPANS }, (_, i) => spanAt(n * SPANS + i));
  const body = encode(spans);
  let from = 0;
  const find = (sought: Buffer): number => {
    const at = body.indexOf(sought, from);
    if (at < 0) throw new Error(`the body has no ${sought.toString()} after byte ${from}`);
    from = at + sought.length;
    return at;
  };
  // In the order protobufjs writes the fields, which is that of their numbers.
  return {
    body,
    spans: spans.map((span) => {
      const traceId = find(TRACE_ID);
      const spanId = find(SPAN_ID);
      const parentId = span.parent === undefined ? 0 : find(PARENT_ID);
      const start = find(START);
      const end = find(END);
      // Between a key and its number: tag and length of the value, tag of the integer.
      const seq = find(NUMBER) + NUMBER.length + 3;
      const tradeIdEnd = find(TRADE_ID) + TRADE_ID.length + 4 + "trade-".length + TRADE_ID_DIGITS;
      const signature = span.parent === undefined ? find(SIGNATURE) + SIGNATURE.length + 4 : 0;
      return { span, places: { traceId, spanId, parentId, start, end, seq, tradeIdEnd, signature } };
    }),
  };
}

function spanAt(position: number): TradeSpan {
  const span = tradeSpans(Math.floor(position / SPANS_PER_TRADE))[position % SPANS_PER_TRADE];
  if (span === undefined) throw new Error("a trade has fewer spans than it should");
  return span;
}

function encode(spans: readonly TradeSpan[]): Buffer {
  const attributes = [
    { key: "service.name", value: { stringValue: SERVICE } },
    { key: "service.instance.id", value: { stringValue: "c0ffee00-0000-4000-8000-000000000001" } },
    { key: "service.version", value: { stringValue: "2.14.0" } },
  ];
  const scopeSpans = [{ scope: { name: "@slipstream/telemetry" }, spans: spans.map(message) }];
  const request = exportTraceServiceRequest.fromObject({
    resourceSpans: [{ resource: { attributes }, scopeSpans }],
  });
  return Buffer.from(exportTraceServiceRequest.encode(request).finish());
}

function message({ name, kind, parent, failed, attributes }: TradeSpan): object {
  return {
    traceId: TRACE_ID,
    spanId: SPAN_ID,
    ...(parent === undefined ? {} : { parentSpanId: PARENT_ID }),
    name,
    kind,
    startTimeUnixNano: fixed64(START),
    endTimeUnixNano: fixed64(END),
    attributes,
    status: { code: failed ? 2 : 1 },
  };
}

function fixed64(bytes: Buffer): object {
  return { low: bytes.readInt32LE(0), high: bytes.readInt32LE(4), unsigned: true };
}
