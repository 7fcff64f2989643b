import { alertsTable } from "./history/alerts.ts";
import { benchmarksTable } from "./history/benchmarks.ts";
import type { HistoryColumn, HistoryTable } from "./history/column.ts";
import { latencyPercentilesTable } from "./history/latency-percentiles.ts";
import { mevVerdictsTable } from "./history/mev-verdicts.ts";
import { tradesTable } from "./history/trades.ts";

/**
 * The tables of the history. The embedded store, QuestDB's DDL, what is written and read, and `docs/history.md` are made
 * from these.
 */
export const historyTables: {
  readonly trades: typeof tradesTable;
  readonly latency_percentiles: typeof latencyPercentilesTable;
  readonly mev_verdicts: typeof mevVerdictsTable;
  readonly alerts: typeof alertsTable;
  readonly benchmarks: typeof benchmarksTable;
} = {
  trades: tradesTable,
  latency_percentiles: latencyPercentilesTable,
  mev_verdicts: mevVerdictsTable,
  alerts: alertsTable,
  benchmarks: benchmarksTable,
};

export type HistoryTableName = keyof typeof historyTables;

/** The tables' names, in the order of the documentation. */
export const historyTableNames: readonly HistoryTableName[] = Object.keys(
  historyTables,
) as HistoryTableName[];

/** A table's definition, for code that does the same with each. */
export function historyTable(name: HistoryTableName): HistoryTable {
  return historyTables[name];
}

type ColumnOf<Table extends HistoryTableName> = (typeof historyTables)[Table]["columns"][number];

type TypeOf<Column extends HistoryColumn> = Column["type"] extends "symbol" | "text" ? string : number;

/** A row by the names of its columns; null is unknown. */
export type HistoryRecord<Table extends HistoryTableName> = {
  readonly [Column in ColumnOf<Table> as Column["name"]]: Column extends { readonly key: true }
    ? TypeOf<Column>
    : TypeOf<Column> | null;
};
