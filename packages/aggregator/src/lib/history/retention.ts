import type { Config } from "@slipstream/config";
import { type HistoryTableName, historyTable, historyTableNames } from "@slipstream/conventions";
import { stateOptions } from "../state/options.ts";

export interface HistoryRetention {
  /** Days that a row is kept after its event, or after it was written if that was later. Default: each table's own. */
  readonly days?: { readonly [Table in HistoryTableName]?: number | undefined } | undefined;
  /** Most rows in all tables together; beyond it those written first are deleted. Default: that of `historyMaxRows`. */
  readonly maxRows?: number | undefined;
}

export const DEFAULT_MAX_ROWS: number = stateOptions.options.historyMaxRows.default;

/** How long the embedded history is kept, as it is configured. */
export function historyRetention({
  historyDays,
  historyMaxRows,
}: Config<typeof stateOptions>): HistoryRetention {
  const days =
    typeof historyDays === "number"
      ? Object.fromEntries(historyTableNames.map((table) => [table, historyDays]))
      : historyDays;
  return { days, maxRows: historyMaxRows };
}

/** Milliseconds that a table's rows are kept. */
export function keepMs({ days = {} }: HistoryRetention, table: HistoryTableName): number {
  return (days[table] ?? historyTable(table).keepDays) * 86_400_000;
}

/** The longest that any row is kept, ms. */
export function longestMs(retention: HistoryRetention): number {
  return Math.max(...historyTableNames.map((table) => keepMs(retention, table)));
}
