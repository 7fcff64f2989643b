import type { Span } from "@slipstream/otlp/decode";
import type { TraceId } from "./event.ts";

// Several times as fast as padding what toString(16) gives: six words are written for each trade.
const BYTES: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** 32 bits, signed or not, as eight hexadecimal digits. */
export function word(bits: number): string {
  return byte(bits >>> 24) + byte(bits >>> 16) + byte(bits >>> 8) + byte(bits);
}

/** The trace id as OpenTelemetry writes it: 32 hexadecimal digits. */
export function traceIdText({ trace0, trace1, trace2, trace3 }: TraceId): string {
  return word(trace0) + word(trace1) + word(trace2) + word(trace3);
}

/** The span's id as OpenTelemetry writes it: 16 hexadecimal digits. */
export function spanIdText({ span0, span1 }: Pick<Span, "span0" | "span1">): string {
  return word(span0) + word(span1);
}

function byte(bits: number): string {
  return BYTES[bits & 255] as string;
}
