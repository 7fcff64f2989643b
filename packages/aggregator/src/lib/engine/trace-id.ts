import type { TraceId } from "./event.ts";

/** 32 bits, signed or not, as eight hexadecimal digits. */
export function word(bits: number): string {
  return (bits >>> 0).toString(16).padStart(8, "0");
}

/** The trace id as OpenTelemetry writes it: 32 hexadecimal digits. */
export function traceIdText({ trace0, trace1, trace2, trace3 }: TraceId): string {
  return word(trace0) + word(trace1) + word(trace2) + word(trace3);
}
