import { attribute, spanName } from "@slipstream/conventions";

/** An attribute as OTLP/JSON writes it, which is also what protobufjs takes. */
export interface KeyValue {
  readonly key: string;
  readonly value: { stringValue: string } | { doubleValue: number } | { intValue: string };
}

/** A span with ids as hex text. */
export interface TestSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly KeyValue[];
  readonly status: { readonly code: number };
}

export const SPANS = 512;
const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** 512 trades with 12 attributes each, unlike those of every other `batch`. */
export function trades(batch: number): TestSpan[] {
  return Array.from({ length: SPANS }, (_, i) => trade(batch * SPANS + i));
}

/** Trades as an ExportTraceServiceRequest in OTLP/JSON's shape. */
export function exportRequest(spans: readonly unknown[]): object {
  const resource = { attributes: [text("service.name", "benchmark"), text("service.instance.id", "one")] };
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: "benchmark" }, spans }] }] };
}

function trade(n: number): TestSpan {
  const end = 1_700_000_000_000_000_000n + BigInt(n) * 10_000_000n;
  return {
    traceId: hex(n * 2_654_435_761, 32),
    spanId: hex(n * 40_503 + 1, 16),
    name: spanName.tradeExecute,
    kind: 1,
    startTimeUnixNano: String(end - BigInt(50_000_000 + (n % 997) * 1_000)),
    endTimeUnixNano: String(end),
    attributes: [
      text(attribute.tradeId, `trade-${n}`),
      text(attribute.tradePair, n % 3 === 0 ? "SOL/USDC" : "JUP/SOL"),
      text(attribute.tradeSide, n % 2 === 0 ? "buy" : "sell"),
      double(attribute.tradeSizeUsd, 100 + (n % 1_009) * 1.37),
      text(attribute.tradeStatus, n % 50 === 0 ? "failed" : "success"),
      double(attribute.tradePnlUsd, (n % 401) / 7 - 20),
      text(attribute.tradeQuotedOut, String(1_000_000_000 + n * 7_919)),
      text(attribute.tradeActualOut, String(999_000_000 + n * 7_907)),
      text(attribute.solanaSignature, base58(n, 88)),
      int(attribute.solanaSlot, 285_000_000 + (n >> 2)),
      int(attribute.solanaPriorityFeeLamports, 1_000 + (n % 10_007)),
      text(attribute.mevProtection, n % 4 === 0 ? "jito" : "none"),
    ],
    status: { code: n % 50 === 0 ? 2 : 1 },
  };
}

function text(key: string, stringValue: string): KeyValue {
  return { key, value: { stringValue } };
}

function double(key: string, doubleValue: number): KeyValue {
  return { key, value: { doubleValue } };
}

function int(key: string, value: number): KeyValue {
  return { key, value: { intValue: String(value) } };
}

function hex(n: number, digits: number): string {
  return n.toString(16).padStart(8, "7").repeat(4).slice(0, digits);
}

function base58(n: number, length: number): string {
  let state = n + 1;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return BASE58[state % BASE58.length];
  }).join("");
}
