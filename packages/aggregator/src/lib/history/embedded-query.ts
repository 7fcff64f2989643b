import type { DatabaseSync, StatementSync } from "node:sqlite";
import { DESK_COLUMN, historyTable } from "@slipstream/conventions";
import { type HistoryValue, OWN_DESK } from "@slipstream/engine/storage";
import { hasTable } from "../has-table.ts";
import { object, string } from "../stored-form/form.ts";
import { storedColumns } from "./embedded-schema.ts";
import { columnList, type EmbeddedTable, embeddedTables } from "./embedded-tables.ts";
import { conditionsOf, type FoundRows, type HistoryDesks, type HistoryQuery, newestFirst } from "./query.ts";
import { addRowsOfBlocks } from "./trade-blocks/block-query.ts";
import type { NumberedRow } from "./trade-blocks/block-tables.ts";
import { NewestRows } from "./trade-blocks/newest-rows.ts";
import { StoredBlocks } from "./trade-blocks/stored-blocks.ts";

/** Every history has it. */
const oldestTable = "trades";

const deskRow = object({ desk: string.nullable() });

/** A statement that gives each row as an array of its values. */
export function prepareArrays(database: DatabaseSync, sql: string): StatementSync {
  const statement = database.prepare(sql);
  statement.setReturnArrays(true);
  return statement;
}

/** What a statement made by `prepareArrays` gave. The tables are STRICT, so they hold nothing of another kind. */
export function arraysOf(rows: readonly unknown[]): readonly (readonly HistoryValue[])[] {
  return rows as readonly (readonly HistoryValue[])[];
}

/** What a query finds. @throws SlipstreamError if the table has no such column, or the file cannot be read. */
export function findRows(database: DatabaseSync, query: HistoryQuery): FoundRows {
  if (query.table === "trades" && hasTable(database, "trade_blocks")) return findTrades(database, query);
  const rows = tableRows(database, query)
    .map(({ row }) => row)
    .reverse();
  return { rows, missing: [] };
}

/** Trades are in blocks and, as far as an older Slipstream wrote them, in tables. */
function findTrades(database: DatabaseSync, query: HistoryQuery): FoundRows {
  const { columns, ...whole } = query;
  const newest = new NewestRows(query.limit ?? Number.POSITIVE_INFINITY);
  const missing = inSnapshot(database, () => {
    for (const row of tableRows(database, whole)) newest.add(row);
    return addRowsOfBlocks(database, query, newest);
  });
  const rows = newest.take().toReversed();
  if (columns === undefined) return { rows, missing };
  const isRead = historyTable("trades").columns.map(
    ({ name }) => name === DESK_COLUMN || columns.includes(name),
  );
  const selected = rows.map(({ table, values }) => ({
    table,
    values: values.map((value, at) => (isRead[at] === true ? value : null)),
  }));
  return { rows: selected, missing };
}

/** The rows of a query that are in a table, the newest first. */
function tableRows(database: DatabaseSync, query: HistoryQuery): readonly NumberedRow[] {
  const { table, columns, limit = -1, desk = OWN_DESK } = query;
  const isOthers = desk !== OWN_DESK;
  const stored = embeddedTables.find((one) => one.table === table && one.isOthers === isOthers);
  const source = stored && sourceOf(database, stored);
  if (stored === undefined || source === undefined) return [];
  const same = (place: string): string => place;
  const { sql, values } = conditionsOf(query, same, () => "?");
  const statement = prepareArrays(
    database,
    `SELECT change, ${columnList(stored, columns)} FROM ${source} ${sql} ORDER BY ${newestFirst(table)} LIMIT ?`,
  );
  return arraysOf(statement.all(...values, limit)).map(([change, ...values]) => {
    return { change: Number(change), row: { table, values } };
  });
}

/** Reads what the file holds at one time, although another process may write it. */
function inSnapshot<T>(database: DatabaseSync, read: () => T): T {
  database.exec("BEGIN");
  try {
    return read();
  } finally {
    database.exec("COMMIT");
  }
}

/**
 * What to select a table's rows from. A file that an older Slipstream wrote, and no newer one has opened yet, may lack columns: they
 * are NULL. Undefined if it lacks the table. A file without the oldest table is no history: reading it is an error.
 */
function sourceOf(database: DatabaseSync, { name, columns }: EmbeddedTable): string | undefined {
  const present = storedColumns(database, name);
  if (present.size === 0) return hasTable(database, oldestTable) ? undefined : oldestTable;
  if (columns.every((column) => present.has(column.name))) return name;
  const list = columns.map((column) => (present.has(column.name) ? column.name : `NULL AS ${column.name}`));
  return `(SELECT change, ${list.join(", ")} FROM ${name})`;
}

/** The desks that a file has rows of. */
export function readDesks(database: DatabaseSync): HistoryDesks {
  const others: Set<string> = new Set();
  for (const { name, isOthers } of embeddedTables) {
    if (!isOthers || !hasTable(database, name)) continue;
    // From one desk to the next by the index, past the rows of each.
    const next = database.prepare(`SELECT min(desk) AS desk FROM ${name} WHERE desk > ?`);
    let { desk } = deskRow.parse(next.get(""));
    while (desk !== null) {
      others.add(desk);
      ({ desk } = deskRow.parse(next.get(desk)));
    }
  }
  if (hasTable(database, "trade_blocks"))
    for (const desk of new StoredBlocks(database).desks()) if (desk !== OWN_DESK) others.add(desk);
  const own = hasTable(database, "own_desk")
    ? database.prepare("SELECT name AS desk FROM own_desk").get()
    : null;
  return { own: deskRow.nullable().optional().parse(own)?.desk ?? "", others: [...others].sort() };
}
