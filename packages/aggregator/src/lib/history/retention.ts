import { type HistoryTableName, historyTable, historyTableNames } from "@slipstream/conventions";

export interface HistoryRetention {
  /** Days that a row is kept after its event, or after it was written where that was later. Default: each table's own. */
  readonly days?: Readonly<Partial<Record<HistoryTableName, number>>> | undefined;
  /** Rows kept over all tables, at most; past it those go that were written first. Default 10 million, some 6 GB of trades. */
  readonly maxRows?: number | undefined;
}

export const DEFAULT_MAX_ROWS = 10_000_000;

/** Milliseconds that a table's rows are kept. */
export function keepMs({ days = {} }: HistoryRetention, table: HistoryTableName): number {
  return (days[table] ?? historyTable(table).keepDays) * 86_400_000;
}

/** The longest that any row is kept, ms. */
export function longestMs(retention: HistoryRetention): number {
  return Math.max(...historyTableNames.map((table) => keepMs(retention, table)));
}
