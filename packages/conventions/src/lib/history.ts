import { alertsTable } from "./history/alerts.ts";
import { benchmarksTable } from "./history/benchmarks.ts";
import { callsByServiceTable } from "./history/calls-by-service.ts";
import { canariesTable } from "./history/canaries.ts";
import type { HistoryColumn, HistoryTable } from "./history/column.ts";
import { latencyPercentilesTable } from "./history/latency-percentiles.ts";
import { mevVerdictsTable } from "./history/mev-verdicts.ts";
import { tradesTable } from "./history/trades.ts";
import { tradesByLabelTable } from "./history/trades-by-label.ts";

/**
 * The history tables. The embedded store, QuestDB's DDL, reads, writes and `docs/history.md` are all derived
 * from them.
 */
export const historyTables: {
  readonly trades: typeof tradesTable;
  readonly latency_percentiles: typeof latencyPercentilesTable;
  readonly trades_by_label: typeof tradesByLabelTable;
  readonly calls_by_service: typeof callsByServiceTable;
  readonly mev_verdicts: typeof mevVerdictsTable;
  readonly alerts: typeof alertsTable;
  readonly benchmarks: typeof benchmarksTable;
  readonly canaries: typeof canariesTable;
} = {
  trades: tradesTable,
  latency_percentiles: latencyPercentilesTable,
  trades_by_label: tradesByLabelTable,
  calls_by_service: callsByServiceTable,
  mev_verdicts: mevVerdictsTable,
  alerts: alertsTable,
  benchmarks: benchmarksTable,
  canaries: canariesTable,
};

export type HistoryTableName = keyof typeof historyTables;

/** The table names, in documentation order. */
export const historyTableNames: readonly HistoryTableName[] = Object.keys(
  historyTables,
) as HistoryTableName[];

/** A table's definition, for code that handles all tables alike. */
export function historyTable(name: HistoryTableName): HistoryTable {
  return historyTables[name];
}

type ColumnOf<Table extends HistoryTableName> = (typeof historyTables)[Table]["columns"][number];

type TypeOf<Column extends HistoryColumn> = Column["type"] extends "symbol" | "text" ? string : number;

/** The column that says whose row it is. */
export const DESK_COLUMN = "desk";

/** A row, keyed by column name, without its desk. null means unknown. */
export type HistoryRecord<Table extends HistoryTableName> = {
  readonly [Column in ColumnOf<Table> as Exclude<Column["name"], typeof DESK_COLUMN>]: Column extends {
    readonly key: true;
  }
    ? TypeOf<Column>
    : TypeOf<Column> | null;
};
