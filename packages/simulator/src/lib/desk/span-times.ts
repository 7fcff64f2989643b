import type { Span } from "@opentelemetry/api";

export interface SpanTimes {
  readonly durationMs: number;
  /** Unix time. */
  readonly endMs: number;
}

/**
 * When an ended span ended and how long it took, from its own two clock readings; undefined if the span keeps
 * none (no SDK). Some spans here are shorter than a millisecond; separate clock readings around them would
 * differ by more than the ground truth tolerates.
 */
export function spanTimes(span: Span | undefined): SpanTimes | undefined {
  if (span === undefined || !("ended" in span) || span.ended !== true) return undefined;
  if (!("duration" in span && "endTime" in span)) return undefined;
  const durationMs = toMs(span.duration);
  const endMs = toMs(span.endTime);
  return durationMs === undefined || endMs === undefined ? undefined : { durationMs, endMs };
}

/** Converts OpenTelemetry's pair of seconds and nanoseconds. */
function toMs(time: unknown): number | undefined {
  if (!Array.isArray(time)) return undefined;
  const [seconds, nanoseconds] = time as unknown[];
  if (typeof seconds !== "number" || typeof nanoseconds !== "number") return undefined;
  return seconds * 1000 + nanoseconds / 1e6;
}
