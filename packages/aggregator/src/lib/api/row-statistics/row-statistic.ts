import type { HistoryRow } from "@slipstream/engine";
import type { HistoryQuery } from "../../history/query.ts";
import type { HistorySeries } from "../history-series.ts";
import { type Cells, MINUTE_MS, percentileSeries, type Sums, sumSeries } from "./row-series.ts";

/** Which of its series are wanted, undefined: all; and in which steps. */
export interface Wanted {
  readonly operation: string | undefined;
  readonly quantile: string | undefined;
  readonly value: string | undefined;
  readonly stepMs: number;
}

/** A statistic that is made of rows of the history when it is asked for. */
export interface RowStatistic {
  readonly unit: string;
  /** From a row's time to that of its values: a row of a minute has its start, and its values stand at the end. */
  readonly lengthMs: number;
  /** Which rows it is made of. */
  readonly query: (wanted: Wanted) => Pick<HistoryQuery, "table" | "equal" | "columns">;
  readonly series: (rows: readonly HistoryRow[], wanted: Wanted) => readonly HistorySeries[];
}

export type Named = readonly [name: string, statistic: RowStatistic];

/** Rows of a minute each, and the column that has the values of the label. */
export interface MinuteRows {
  readonly cells: Cells;
  readonly query: RowStatistic["query"];
  readonly label: string;
  readonly column: string;
}

/** Percentiles by the value of a label. */
export function percentilesOf({ query, ...rows }: MinuteRows): RowStatistic {
  return {
    unit: "ms",
    lengthMs: MINUTE_MS,
    query,
    series: (found, { quantile, stepMs }) => percentileSeries(found, { ...rows, quantile, stepMs }),
  };
}

/** What the rows of a step add up to, by the value of a label. */
export function sumsOf<Field extends string>(
  unit: string,
  { cells, query, label, column }: MinuteRows,
  sums: Sums<Field>,
): RowStatistic {
  return {
    unit,
    lengthMs: MINUTE_MS,
    query,
    series: (found, { stepMs }) =>
      sumSeries(found, sums, {
        label,
        labelValue: (row) => cells.text(row, column) ?? "",
        timeMs: (row) => cells.timeMs(row) + MINUTE_MS,
        stepMs,
      }),
  };
}

export function numberOf(cells: Cells): (column: string) => (row: HistoryRow) => number {
  return (column) => (row) => cells.number(row, column) ?? 0;
}

export function share(part: number, all: number): readonly { readonly value: number }[] {
  return all === 0 ? [] : [{ value: (100 * part) / all }];
}

/** Money is counted in whole micro-dollars: what a double adds to them is noise. */
export function dollars(usd: number): number {
  return Math.round(usd * 1e6) / 1e6;
}
