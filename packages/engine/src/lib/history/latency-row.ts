import type { HistoryRecord } from "@slipstream/conventions";
import type { QuantileEstimate, QuantileSketch } from "@slipstream/stats";
import type { Minute } from "./minutes.ts";
import { type HistoryRow, historyRow, microseconds } from "./rows.ts";

/**
 * The row of an operation's latencies in a minute; undefined where there were none.
 *
 * @param sketch of seconds
 */
export function latencyRow(
  operation: string,
  sketch: QuantileSketch,
  { fromMs, seconds }: Minute,
): HistoryRow | undefined {
  const { count } = sketch;
  if (count === 0) return undefined;
  const record: HistoryRecord<"latency_percentiles"> = {
    timestamp: microseconds(fromMs),
    seconds,
    operation,
    count,
    ...percentileColumns(sketch),
  };
  return historyRow("latency_percentiles", record);
}

type PercentileColumns = Omit<
  HistoryRecord<"latency_percentiles">,
  "timestamp" | "seconds" | "operation" | "count"
>;

/** The columns of latencies, null without any. @param sketch of seconds */
export function percentileColumns(sketch: QuantileSketch): PercentileColumns {
  const { max } = sketch;
  const p50 = percentile(sketch.quantile(0.5));
  const p95 = percentile(sketch.quantile(0.95));
  const p99 = percentile(sketch.quantile(0.99));
  const p999 = percentile(sketch.quantile(0.999));
  return {
    p50_ms: p50.ms,
    p50_error_ms: p50.errorMs,
    p95_ms: p95.ms,
    p95_error_ms: p95.errorMs,
    p99_ms: p99.ms,
    p99_error_ms: p99.errorMs,
    p999_ms: p999.ms,
    p999_error_ms: p999.errorMs,
    max_ms: max === undefined ? null : rounded(1_000 * max),
  };
}

interface Percentile {
  readonly ms: number | null;
  /** The exact value lies within this on either side. */
  readonly errorMs: number | null;
}

function percentile(estimate: QuantileEstimate | undefined): Percentile {
  if (estimate === undefined) return { ms: null, errorMs: null };
  const { value, sketchError } = estimate;
  const { low, high } = sketchError;
  return { ms: rounded(1_000 * value), errorMs: rounded(1_000 * Math.max(value - low, high - value)) };
}

/** Without the last digit's noise that the division into seconds and back makes. */
function rounded(ms: number): number {
  return Number(ms.toPrecision(15));
}
