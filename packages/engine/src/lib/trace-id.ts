import type { Span } from "@slipstream/otlp/decode";
import type { TraceId } from "./event.ts";

// Each id is one flat text: joined from shorter ones, it keeps all of them in memory.
const bytes = Buffer.alloc(16);
const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** 32 bits, signed or not, as eight hexadecimal digits. */
export function word(bits: number): string {
  view.setInt32(0, bits);
  return bytes.toString("hex", 0, 4);
}

/** The trace id as OpenTelemetry writes it: 32 hexadecimal digits. */
export function traceIdText({ trace0, trace1, trace2, trace3 }: TraceId): string {
  view.setInt32(0, trace0);
  view.setInt32(4, trace1);
  view.setInt32(8, trace2);
  view.setInt32(12, trace3);
  return bytes.toString("hex", 0, 16);
}

/** The span's id as OpenTelemetry writes it: 16 hexadecimal digits. */
export function spanIdText({ span0, span1 }: Pick<Span, "span0" | "span1">): string {
  view.setInt32(0, span0);
  view.setInt32(4, span1);
  return bytes.toString("hex", 0, 8);
}
