import { dashboardValues } from "@slipstream/conventions";
import { type HistoryRow, recordOf } from "@slipstream/engine";
import type { DashboardPoint } from "../dashboards/dashboards.ts";

/** A value of a statistic at some time. */
export interface TimedValue {
  /** Unix ms. */
  readonly timeMs: number;
  readonly value: number | string;
}

/** A statistic within one step. */
export interface HistoryPoint {
  /** The step's end, ISO 8601. */
  readonly time: string;
  /** The last value in the step. */
  readonly value: number | string;
  /** The lowest and the highest value in the step; absent if they are words. */
  readonly min?: number;
  readonly max?: number;
}

export interface HistorySeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly HistoryPoint[];
}

/** The answer of `/api/history`. */
export interface HistoryAnswer {
  readonly statistic: string;
  readonly unit: string;
  readonly from: string;
  readonly to: string;
  readonly stepSeconds: number;
  readonly series: readonly HistorySeries[];
}

/** The percentiles in the history, by their label in `/api/current`. */
const quantileColumns: Readonly<Record<string, string>> = {
  "0.5": "p50_ms",
  "0.95": "p95_ms",
  "0.99": "p99_ms",
  "0.999": "p999_ms",
};

/** The unit of a dashboard statistic; undefined if there is none of this name. */
export function dashboardUnit(statistic: string): string | undefined {
  return dashboardValues.find((value) => value.statistic === statistic)?.unit;
}

/** The values of a dashboard statistic. Points at which it was unknown are left out. */
export function dashboardSeries(points: readonly DashboardPoint[], statistic: string): readonly TimedValue[] {
  return points.flatMap(({ timeMs, values }) => {
    const value = (values as Readonly<Record<string, number | string | undefined>>)[statistic];
    return value === undefined ? [] : [{ timeMs, value }];
  });
}

/** Percentiles by operation and quantile. Those of a minute have the time of its end. */
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
 * Groups values into steps (end - stepMs, end], each with its last value and the range of all. Nothing is averaged: an
 * average of percentiles is not a percentile.
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
    const range = numbers.length === 0 ? {} : { min: Math.min(...numbers), max: Math.max(...numbers) };
    return { time: new Date(end).toISOString(), value: inStep.at(-1)?.value ?? "", ...range };
  });
}
