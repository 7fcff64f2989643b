import { attribute, semconv, spanName } from "@slipstream/conventions";
import { seededRandom } from "@slipstream/stats";

/** A value as protobufjs takes an AnyValue. */
export interface KeyValue {
  readonly key: string;
  readonly value: { stringValue: string } | { doubleValue: number } | { intValue: number };
}

/** A span of a trade, without its ids and times: those are written for each request anew. */
export interface TradeSpan {
  readonly name: string;
  /** OTLP SpanKind: 1 internal, 3 client. */
  readonly kind: number;
  readonly durationNanos: number;
  /** Which of the trade's spans it is, 0 to 6; the last is the trade's own. */
  readonly place: number;
  /** Place of the span around it; undefined for the trade's own. */
  readonly parent: number | undefined;
  readonly failed: boolean;
  /** 12 of them, `slipstream.seq` the first. */
  readonly attributes: readonly KeyValue[];
}

/** Spans of one trade. */
export const SPANS_PER_TRADE = 7;

/** `slipstream.seq` begins here, so that every number has a varint of four bytes. */
export const FIRST_SEQ: number = 2 ** 21;
export const LAST_SEQ: number = 2 ** 28 - 1;

/** `trade.id` is "trade-" and so many digits. */
export const TRADE_ID_DIGITS = 10;

const TRADE = 6;
const CLIENT = 3;
/** Digits of a Solana signature. */
export const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const PAIRS = ["SOL/USDC", "SOL/USDC", "SOL/USDC", "JUP/SOL", "BONK/SOL", "WIF/USDC"];

/**
 * A trade as a desk with Slipstream's telemetry and a stock HTTP instrumentation sends it, in the order the spans end: two
 * calls of Jupiter, a transaction that is sent (with the HTTP span inside of it) and polled for, a row that is
 * written, and the trade itself. One trade in 50 fails.
 */
export function tradeSpans(n: number): TradeSpan[] {
  const random = seededRandom(n);
  const failed = n % 50 === 49;
  const id = `trade-${String(n).padStart(TRADE_ID_DIGITS, "0")}`;
  const pair = PAIRS[n % PAIRS.length] ?? "SOL/USDC";
  const common = [text(attribute.tradeId, id), text(attribute.tradePair, pair)];
  const span = (
    place: number,
    name: string,
    medianMs: number,
    attributes: readonly KeyValue[],
    rest: Partial<TradeSpan> = {},
  ): TradeSpan => ({
    name,
    kind: CLIENT,
    durationNanos: Math.round(medianMs * 1e6 * logNormal(random)),
    place,
    parent: TRADE,
    failed: false,
    attributes: [int(attribute.slipstreamSeq, FIRST_SEQ + n), ...attributes],
    ...rest,
  });
  return [
    span(0, spanName.jupiterQuote, 30, [...common, ...http("api.jup.ag", "/swap/v1/quote", "GET", random)]),
    span(1, spanName.jupiterSwap, 40, [...common, ...http("api.jup.ag", "/swap/v1/swap", "POST", random)]),
    span(2, "POST", 24, [...common, ...http("desk.helius-rpc.com", "/", "POST", random)], { parent: 3 }),
    span(3, spanName.solanaRpc, 25, [...common, ...rpc("sendTransaction", random)]),
    span(4, spanName.solanaRpc, 20, [...common, ...rpc("getSignatureStatuses", random)]),
    span(5, spanName.dbWrite, 2, [...common, ...insert(random)]),
    span(TRADE, spanName.tradeExecute, 120, trade(n, id, pair, failed, random), {
      kind: 1,
      parent: undefined,
      failed,
    }),
  ];
}

function trade(n: number, id: string, pair: string, failed: boolean, random: () => number): KeyValue[] {
  const quoted = Math.round(1e9 * (1 + random()));
  return [
    text(attribute.tradeId, id),
    text(attribute.tradePair, pair),
    double(attribute.tradeSizeUsd, 100 + random() * 5_000),
    text(attribute.tradeStatus, failed ? "failed" : "success"),
    double(attribute.tradePnlUsd, random() * 30 - 12),
    text(attribute.tradeQuotedOut, String(quoted)),
    text(attribute.tradeActualOut, String(Math.round(quoted * (1 - 0.008 * random() ** 2)))),
    text(attribute.solanaSignature, Array.from({ length: 88 }, () => base58(random)).join("")),
    int(attribute.solanaSlot, 285_000_000 + (n >> 2)),
    int(attribute.solanaPriorityFeeLamports, 1_000 + Math.floor(random() * 100_000)),
    text(attribute.mevProtection, n % 4 === 0 ? "jito" : "none"),
  ];
}

function http(host: string, path: string, method: string, random: () => number): KeyValue[] {
  return [
    text(semconv.httpMethod, method),
    text("url.scheme", "https"),
    text(semconv.serverAddress, host),
    int(semconv.serverPort, 443),
    text(semconv.urlPath, path),
    text("network.peer.address", `104.18.${Math.floor(random() * 250)}.${Math.floor(random() * 250)}`),
    text("network.protocol.version", "1.1"),
    text("user_agent.original", "undici"),
    int(semconv.httpStatus, 200),
  ];
}

function rpc(method: string, random: () => number): KeyValue[] {
  return [
    text(semconv.rpcSystem, "jsonrpc"),
    text(semconv.rpcMethod, method),
    text("rpc.jsonrpc.version", "2.0"),
    text("rpc.jsonrpc.request_id", String(Math.floor(random() * 1e9))),
    text(semconv.serverAddress, "desk.helius-rpc.com"),
    int(semconv.serverPort, 443),
    text("solana.commitment", "confirmed"),
    text("network.peer.address", `104.18.${Math.floor(random() * 250)}.${Math.floor(random() * 250)}`),
    int(semconv.httpStatus, 200),
  ];
}

function insert(random: () => number): KeyValue[] {
  return [
    text(semconv.dbSystem, "postgresql"),
    text("db.namespace", "desk"),
    text(semconv.dbOperation, "INSERT"),
    text("db.collection.name", "executed_trades"),
    text(semconv.dbQuery, "INSERT INTO executed_trades VALUES ($1, $2, $3, $4, $5, $6, $7)"),
    text(semconv.serverAddress, "10.20.0.14"),
    int(semconv.serverPort, 5432),
    int("db.response.returned_rows", 1),
    text("thread.name", `pool-${Math.floor(random() * 8)}`),
  ];
}

function logNormal(random: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.exp(0.4 * normal);
}

function base58(random: () => number): string {
  return BASE58[Math.floor(random() * BASE58.length)] ?? "1";
}

function text(key: string, stringValue: string): KeyValue {
  return { key, value: { stringValue } };
}

function double(key: string, doubleValue: number): KeyValue {
  return { key, value: { doubleValue } };
}

function int(key: string, intValue: number): KeyValue {
  return { key, value: { intValue } };
}
