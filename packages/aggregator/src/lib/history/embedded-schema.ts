import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { HistoryColumn } from "@slipstream/conventions";
import { array, object, string } from "../stored-form/form.ts";
import { type EmbeddedTable, embeddedTables, keyNames } from "./embedded-tables.ts";

const types: Readonly<Record<HistoryColumn["type"], string>> = {
  time: "INTEGER",
  int: "INTEGER",
  double: "REAL",
  symbol: "TEXT",
  text: "TEXT",
};

const columnRows = array(object({ name: string }));

/**
 * Makes what is missing of the history's tables. `change` numbers the writes: an amended row gets a new number, so that
 * whoever reads on from a number misses nothing. As the rowid it costs no index of its own.
 */
export function createHistoryTables(database: DatabaseSync): void {
  for (const table of embeddedTables) {
    const { name } = table;
    const columns = table.columns.map((column) => `${columnSql(column)}${column.key ? " NOT NULL" : ""}`);
    database.exec(`
      CREATE TABLE IF NOT EXISTS ${name} (change INTEGER PRIMARY KEY, ${columns.join(", ")}) STRICT;
      CREATE UNIQUE INDEX IF NOT EXISTS ${name}_key ON ${name} (${keyNames(table).join(", ")});
    `);
    addMissingColumns(database, table);
  }
  database.exec(`
    CREATE TABLE IF NOT EXISTS history_state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS history_marks (written_ms INTEGER PRIMARY KEY, change INTEGER NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS own_desk (name TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS sink_positions (sink TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  `);
}

/** A file that an older Slipstream wrote lacks the columns that were added since. */
function addMissingColumns(database: DatabaseSync, { name, columns }: EmbeddedTable): void {
  const present = storedColumns(database, name);
  for (const column of columns) {
    if (!present.has(column.name)) database.exec(`ALTER TABLE ${name} ADD COLUMN ${columnSql(column)}`);
  }
}

/** The columns that a table has in the file; none if there is no such table. */
export function storedColumns(database: DatabaseSync, table: string): ReadonlySet<string> {
  const rows = columnRows.parse(database.prepare(`PRAGMA table_info(${table})`).all());
  return new Set(rows.map(({ name }) => name));
}

function columnSql({ name, type }: HistoryColumn): string {
  return `${name} ${types[type]}`;
}

/**
 * Writes a row with its change number. A row that is there already with the same values keeps its number; one with others
 * is replaced and gets the new number. (Several rows in one statement were measured to be no faster.)
 */
export function prepareUpsert(database: DatabaseSync, table: EmbeddedTable): StatementSync {
  const { name } = table;
  const keys = keyNames(table);
  const columns = table.columns.map((column) => column.name);
  const others = columns.filter((column) => !keys.includes(column));
  const old = others.map((column) => `${name}.${column}`).join(", ");
  const now = others.map((column) => `excluded.${column}`).join(", ");
  const set = ["change", ...others].map((column) => `${column} = excluded.${column}`).join(", ");
  return database.prepare(
    `INSERT INTO ${name} (change, ${columns.join(", ")}) VALUES (?${", ?".repeat(columns.length)}) ` +
      `ON CONFLICT (${keys.join(", ")}) DO UPDATE SET ${set} WHERE (${old}) IS NOT (${now})`,
  );
}
