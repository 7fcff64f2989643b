import type { HistoryRow } from "@slipstream/engine";
import type { HistoryQuery } from "../../history/query.ts";
import type { HistorySeries } from "../history-series.ts";
import type { Cells } from "./row-series.ts";

export const MINUTE_MS = 60_000;

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
