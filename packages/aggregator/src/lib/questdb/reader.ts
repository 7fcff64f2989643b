import { historyTable, SlipstreamError } from "@slipstream/conventions";
import type { HistoryRow, HistoryValue } from "@slipstream/engine";
import { conditionsOf, type HistoryQuery, type HistoryReader, newestFirst } from "../history/query.ts";
import type { QuestDbAddress } from "./address.ts";
import { connectQuestDb, type QuestDbConnection } from "./connection.ts";
import { tableName } from "./definition.ts";

/** Reads the history from QuestDB. @throws SlipstreamError `questdb_unreachable`, `questdb_denied` */
export async function openQuestDbReader(
  address: QuestDbAddress,
  tablePrefix: string = "",
  timeoutMs: number = 10_000,
): Promise<HistoryReader> {
  const connection = await connectQuestDb(address, timeoutMs);
  return {
    rows: (query) => readRows(connection, query, tablePrefix),
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
    .map((row) => ({ table, values: columns.map(({ type }, at) => historyValue(type, row[at])) }))
    .reverse();
}

function historyValue(type: string, value: unknown): HistoryValue {
  if (value === null || value === undefined) return null;
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
