import { dashboardValues } from "@slipstream/conventions";
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
  /** The last value in the step; of what is counted in minutes, the value of the step as a whole. */
  readonly value: number | string;
  /** The lowest and the highest value in the step; absent if they are words, or if the value is that of the whole step. */
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
