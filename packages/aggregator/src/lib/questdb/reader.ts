import {
  DESK_COLUMN,
  type HistoryColumn,
  historyTable,
  historyTableNames,
  SlipstreamError,
} from "@slipstream/conventions";
import { type HistoryRow, type HistoryValue, OWN_DESK } from "@slipstream/engine";
import { z } from "zod";
import {
  conditionsOf,
  type HistoryQuery,
  type HistoryReader,
  hasDesks,
  newestFirst,
} from "../history/query.ts";
import type { QuestDbAddress } from "./address.ts";
import { connectQuestDb, type QuestDbConnection } from "./connection.ts";
import { tableName } from "./definition.ts";
import { newestWriterDesk } from "./questdb-lease.ts";

/** Reads the history from QuestDB. @throws SlipstreamError `questdb_unreachable`, `questdb_denied` */
export async function openQuestDbReader(
  address: QuestDbAddress,
  tablePrefix: string = "",
  timeoutMs: number = 10_000,
): Promise<HistoryReader> {
  const connection = await connectQuestDb(address, timeoutMs);
  const rows = (query: HistoryQuery): Promise<readonly HistoryRow[]> =>
    readRows(connection, query, tablePrefix);
  return {
    rows,
    find: async (query) => ({ rows: await rows(query), missing: [] }),
    desks: async () => ({
      own: await newestWriterDesk(connection, tablePrefix),
      others: await readDesks(connection, tablePrefix),
    }),
    close: () => connection.close(),
  };
}

async function readRows(
  connection: QuestDbConnection,
  query: HistoryQuery,
  tablePrefix: string,
): Promise<readonly HistoryRow[]> {
  const { table, limit } = query;
  const { columns } = historyTable(table);
  const name = tableName(table, tablePrefix);
  const { sql, values } = conditionsOf(
    query,
    (place) => `${place}::long::timestamp`,
    (n) => `$${n}`,
    `${DESK_COLUMN} IS NULL`,
  );
  // As a number, for a timestamp would lose its microseconds on the way.
  const list = columns
    .map(({ name, type }) => {
      if (query.columns?.includes(name) === false) return `null ${name}`;
      return type === "time" ? `${name}::long ${name}_us` : name;
    })
    .join(", ");
  const newest = limit === undefined ? "" : `LIMIT ${Math.max(0, Math.floor(limit))}`;
  const rows = await connection
    .query(`SELECT ${list} FROM ${name} ${sql} ORDER BY ${newestFirst(table)} ${newest}`, values)
    .catch((error: unknown) => {
      throw explain(name, error);
    });
  return rows
    .map((row) => ({ table, values: columns.map((column, at) => historyValue(column, row[at])) }))
    .reverse();
}

const MISSING = /table does not exist/i;
const deskRows = z.array(z.tuple([z.string()]));

async function readDesks(connection: QuestDbConnection, tablePrefix: string): Promise<readonly string[]> {
  const names: Set<string> = new Set();
  for (const table of historyTableNames.filter(hasDesks)) {
    const name = tableName(table, tablePrefix);
    const rows = await connection
      .query(`SELECT DISTINCT ${DESK_COLUMN} FROM ${name} WHERE ${DESK_COLUMN} IS NOT NULL`)
      .catch((error: unknown) => {
        // An older aggregator has not made every table.
        if (error instanceof Error && MISSING.test(error.message)) return [];
        throw explain(name, error);
      });
    for (const [desk] of deskRows.parse(rows)) names.add(desk);
  }
  return [...names].sort();
}

function historyValue({ name, type }: HistoryColumn, value: unknown): HistoryValue {
  if (value === null || value === undefined) return name === DESK_COLUMN ? OWN_DESK : null;
  return type === "symbol" || type === "text" ? String(value) : Number(value);
}

function explain(table: string, error: unknown): SlipstreamError {
  const reason = error instanceof Error ? error.message : String(error);
  const missing = /table does not exist|Invalid column/i.test(reason)
    ? ` An aggregator with --questdb makes and fills the table. Is questdbTablePrefix the same as its?`
    : "";
  return new SlipstreamError("questdb_read", `QuestDB cannot read the table ${table}: ${reason}.${missing}`, {
    field: "questdb",
    cause: error,
  });
}
