import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DESK_COLUMN, type HistoryTableName, historyTable, historyTableNames } from "@slipstream/conventions";
import type { HistoryRow } from "@slipstream/engine";
import { readStoredBlocks } from "./stored-blocks.ts";

/** Rows of every table by their key, each with its values. */
export type Tables = ReadonlyMap<HistoryTableName, ReadonlyMap<string, unknown>>;

function columnsOf(database: DatabaseSync, table: string): ReadonlySet<unknown> {
  return new Set(
    database
      .prepare(`PRAGMA table_info(${table})`)
      .all()
      .map(({ name }) => name),
  );
}

/**
 * The history that a data directory holds of a desk, read by other code than the store's own.
 *
 * @param desk "" for the aggregator's own
 */
export function readStoredHistory(data: string, desk = ""): Tables {
  const database = new DatabaseSync(join(data, "state.sqlite"), { readOnly: true });
  try {
    const rows = historyTableNames.flatMap((table) => {
      const columns = historyTable(table).columns.map(({ name }) => name);
      if (desk !== "" && !columns.includes(DESK_COLUMN)) return [];
      // Rows of every desk are as the own desk's are, for which the file has no such column. An older file may lack others.
      const present = columnsOf(database, table);
      if (present.size === 0) return [];
      const missing = (name: string): string => (name === DESK_COLUMN ? "''" : "NULL");
      const read = columns
        .map((name) => (present.has(name) && name !== DESK_COLUMN ? name : `${missing(name)} AS ${name}`))
        .join(", ");
      const [from, ...parameters] =
        desk === "" ? [table] : [`${table}_of_desks WHERE ${DESK_COLUMN} = ?`, desk];
      const found = database.prepare(`SELECT ${read} FROM ${from}`).all(...parameters);
      // Trades are in blocks too; of two with one key the one that was written last counts.
      const packed = table === "trades" ? readStoredBlocks(database, desk) : [];
      const all: readonly Record<string, unknown>[] = [
        ...found,
        ...packed.map((trade) => ({ ...trade, desk: "" })),
      ];
      return all.map(
        (row) => ({ table, values: columns.map((column) => row[column] ?? null) }) as HistoryRow,
      );
    });
    return tablesOf(rows);
  } finally {
    database.close();
  }
}

/** Rows as tables hold them: the last one under a key. @throws Error where a row has no key. */
export function tablesOf(rows: readonly HistoryRow[]): Tables {
  const tables = new Map(historyTableNames.map((name) => [name, new Map<string, unknown>()]));
  for (const row of rows) {
    const { columns } = historyTable(row.table);
    const key = row.values.filter((_, at) => columns[at]?.key === true).join(" ");
    tables.get(row.table)?.set(key, row.values);
  }
  return tables;
}

/** Rows of one table, in order. */
export type Rows = readonly HistoryRow[];

/** A table's rows as a history gives them: ascending by event time, then by the rest of the key. */
export function rowsOf(tables: Tables, table: HistoryTableName): HistoryRow[] {
  const entries = [...(tables.get(table) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([, values]) => ({ table, values }) as HistoryRow);
}
