import { type HistoryTableName, historyTable } from "@slipstream/conventions";
import type { HistoryRow, HistoryValue } from "@slipstream/engine";
import { type HistorySeries, inSteps, type TimedValue } from "../history-series.ts";

export const MINUTE_MS = 60_000;

type Labels = Readonly<Record<string, string>>;

/** Reads a row's columns by name. */
export interface Cells {
  number(row: HistoryRow, column: string): number | undefined;
  text(row: HistoryRow, column: string): string | undefined;
  /** Unix ms. */
  timeMs(row: HistoryRow): number;
}

export function cellsOf(table: HistoryTableName): Cells {
  const places = new Map(historyTable(table).columns.map(({ name }, at) => [name, at]));
  const value = ({ values }: HistoryRow, column: string): HistoryValue | undefined =>
    values[places.get(column) ?? -1];
  return {
    number(row, column) {
      const found = value(row, column);
      return typeof found === "number" ? found : undefined;
    },
    text(row, column) {
      const found = value(row, column);
      return typeof found === "string" ? found : undefined;
    },
    timeMs: ({ values }) => Number(values[0]) / 1_000,
  };
}

const percentiles = [
  ["0.5", "p50_ms"],
  ["0.95", "p95_ms"],
  ["0.99", "p99_ms"],
  ["0.999", "p999_ms"],
] as const;

/** Percentiles of rows of a minute, by the value of a column and by quantile, each at its minute's end. */
export function percentileSeries(
  rows: readonly HistoryRow[],
  of: {
    readonly cells: Cells;
    /** The label, and the column that has its values. */
    readonly label: string;
    readonly column: string;
    readonly quantile: string | undefined;
    readonly stepMs: number;
  },
): readonly HistorySeries[] {
  const { cells, label, column, quantile: wanted, stepMs } = of;
  const found = new Map<string, { readonly labels: Labels; readonly values: TimedValue[] }>();
  for (const row of rows) {
    const name = cells.text(row, column) ?? "unknown";
    for (const [quantile, percentile] of percentiles) {
      const value = cells.number(row, percentile);
      if (value === undefined || (wanted !== undefined && quantile !== wanted)) continue;
      const key = `${quantile} ${name}`;
      const series = found.get(key) ?? { labels: { [label]: name, quantile }, values: [] };
      series.values.push({ timeMs: cells.timeMs(row) + MINUTE_MS, value });
      found.set(key, series);
    }
  }
  return Array.from(found.values(), ({ labels, values }) => ({ labels, points: inSteps(values, stepMs) }));
}

/** What rows add up to in a step. */
export interface Sums<Field extends string> {
  /** What a row adds to each sum. */
  readonly add: Readonly<Record<Field, (row: HistoryRow) => number>>;
  /** The values of the step; what is not known is left out. */
  readonly read: (sums: Readonly<Record<Field, number>>) => readonly SumValue[];
}

export interface SumValue {
  /** Beside the label that the rows are told apart by. */
  readonly labels?: Labels;
  readonly value: number;
}

/** What rows add up to in each step, by the value of a label. */
export function sumSeries<Field extends string>(
  rows: readonly HistoryRow[],
  { add, read }: Sums<Field>,
  of: {
    readonly label: string;
    readonly labelValue: (row: HistoryRow) => string;
    readonly timeMs: (row: HistoryRow) => number;
    readonly stepMs: number;
  },
): readonly HistorySeries[] {
  const { label, labelValue, timeMs, stepMs } = of;
  const fields = Object.entries(add) as [Field, (row: HistoryRow) => number][];
  const byValue = new Map<string, Map<number, Record<Field, number>>>();
  for (const row of rows) {
    const value = labelValue(row);
    const steps = byValue.get(value) ?? new Map<number, Record<Field, number>>();
    byValue.set(value, steps);
    const end = Math.ceil(timeMs(row) / stepMs) * stepMs;
    const sums =
      steps.get(end) ?? (Object.fromEntries(fields.map(([field]) => [field, 0])) as Record<Field, number>);
    for (const [field, count] of fields) sums[field] += count(row);
    steps.set(end, sums);
  }
  return [...byValue].flatMap(([value, steps]) => seriesOf({ [label]: value }, steps, read));
}

function seriesOf<T>(
  own: Labels,
  steps: ReadonlyMap<number, T>,
  read: (sums: T) => readonly SumValue[],
): HistorySeries[] {
  const found = new Map<string, { labels: Labels; points: { time: string; value: number }[] }>();
  for (const [end, sums] of steps) {
    for (const { labels = {}, value } of read(sums)) {
      const key = JSON.stringify(labels);
      const series = found.get(key) ?? { labels: { ...own, ...labels }, points: [] };
      series.points.push({ time: new Date(end).toISOString(), value });
      found.set(key, series);
    }
  }
  return [...found.values()];
}
