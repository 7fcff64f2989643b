import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type HistoryTableName, historyTable } from "@slipstream/conventions";
import type { HistoryRow, HistoryValue } from "@slipstream/engine";
import { conditionsOf, type HistoryQuery, newestFirst } from "./query.ts";

/** Names of a table's columns as a list in SQL. @param wanted The columns to read, if not all. */
export function columnList(table: HistoryTableName, wanted?: readonly string[]): string {
  return historyTable(table)
    .columns.map(({ name }) => (wanted?.includes(name) === false ? "NULL" : name))
    .join(", ");
}

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

/** The rows of a query, ascending. @throws SlipstreamError where the table has no such column. */
export function readRows(database: DatabaseSync, query: HistoryQuery): readonly HistoryRow[] {
  const { table, columns, limit = -1 } = query;
  const same = (place: string): string => place;
  const { sql, values } = conditionsOf(query, same, () => "?");
  const statement = prepareArrays(
    database,
    `SELECT ${columnList(table, columns)} FROM ${table} ${sql} ORDER BY ${newestFirst(table)} LIMIT ?`,
  );
  return arraysOf(statement.all(...values, limit))
    .map((row) => ({ table, values: row }))
    .reverse();
}
