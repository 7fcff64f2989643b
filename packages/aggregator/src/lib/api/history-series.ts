import { dashboardValues } from "@slipstream/conventions";
import { type HistoryRow, recordOf } from "@slipstream/engine";
import type { DashboardPoint } from "../dashboards/dashboards.ts";

/** A value of a statistic at a time of the past. */
export interface TimedValue {
  /** Unix ms. */
  readonly timeMs: number;
  readonly value: number | string;
}

/** What became of a statistic within a step. */
export interface HistoryPoint {
  /** The step's end, ISO 8601. */
  readonly time: string;
  /** The last value in the step. */
  readonly value: number | string;
  /** The least and the greatest value in the step, where they are numbers. */
  readonly low?: number;
  readonly high?: number;
}

export interface HistorySeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly HistoryPoint[];
}

/** The percentiles that the history holds, by the label that `/api/current` gives them. */
const quantileColumns: Readonly<Record<string, string>> = {
  "0.5": "p50_ms",
  "0.95": "p95_ms",
  "0.99": "p99_ms",
  "0.999": "p999_ms",
};

/** The unit of one of the dashboard's statistics; undefined where it is none of them. */
export function dashboardUnit(statistic: string): string | undefined {
  return dashboardValues.find((value) => value.statistic === statistic)?.unit;
}

/** One of the dashboard's statistics, where it was known. */
export function dashboardSeries(points: readonly DashboardPoint[], statistic: string): readonly TimedValue[] {
  return points.flatMap(({ timeMs, values }) => {
    const value = (values as Readonly<Record<string, number | string | undefined>>)[statistic];
    return value === undefined ? [] : [{ timeMs, value }];
  });
}

/** Percentiles by operation and quantile; a minute's stand at its end, as everything else of a window does. */
export function latencySeries(
  rows: readonly HistoryRow[],
  wanted: (quantile: string) => boolean,
): readonly { readonly labels: Readonly<Record<string, string>>; readonly values: readonly TimedValue[] }[] {
  const found = new Map<string, { labels: Record<string, string>; values: TimedValue[] }>();
  for (const row of rows) {
    const record = recordOf(row);
    const operation = String(record.operation);
    for (const [quantile, column] of Object.entries(quantileColumns)) {
      const value = record[column];
      if (!wanted(quantile) || typeof value !== "number") continue;
      const key = JSON.stringify([operation, quantile]);
      const series = found.get(key) ?? { labels: { operation, quantile }, values: [] };
      series.values.push({ timeMs: Number(record.timestamp) / 1_000 + 60_000, value });
      found.set(key, series);
    }
  }
  return [...found.values()];
}

/**
 * Values cut into steps (end - stepMs, end], each with its last value and the range of all. Percentiles and shares are not
 * averaged, for an average of them is none.
 */
export function inSteps(values: readonly TimedValue[], stepMs: number): readonly HistoryPoint[] {
  const steps = new Map<number, TimedValue[]>();
  for (const value of values) {
    const end = Math.ceil(value.timeMs / stepMs) * stepMs;
    const step = steps.get(end);
    if (step === undefined) steps.set(end, [value]);
    else step.push(value);
  }
  return [...steps].map(([end, inStep]) => {
    const numbers = inStep.map(({ value }) => value).filter((value) => typeof value === "number");
    const range = numbers.length === 0 ? {} : { low: Math.min(...numbers), high: Math.max(...numbers) };
    return { time: new Date(end).toISOString(), value: inStep.at(-1)?.value ?? "", ...range };
  });
}
