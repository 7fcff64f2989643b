import {
  type HistoryTable,
  type HistoryTableName,
  historyTable,
  historyTableNames,
  SlipstreamError,
} from "@slipstream/conventions";
import { z } from "zod";
import type { QuestDbConnection } from "./connection.ts";
import { createTableSql, holds, keyList, ttlOf, ttlText, typeOf } from "./definition.ts";

/** A table as QuestDB has it. */
interface Present {
  readonly designated: string | null;
  readonly wal: boolean;
  readonly dedup: boolean;
  readonly ttl: readonly [number, string];
  readonly columns: ReadonlyMap<string, { readonly type: string; readonly key: boolean }>;
}

const tableRows = z.array(
  z.tuple([z.string(), z.string().nullable(), z.boolean(), z.boolean(), z.number(), z.string()]),
);
const columnRows = z.array(z.tuple([z.string(), z.string(), z.boolean()]));

/**
 * Makes the history's tables where they are missing, and in those that are there the columns that are missing. Nothing is
 * changed where one has another shape.
 *
 * @param ttlDays days after which QuestDB drops a partition; undefined leaves that as it is
 * @returns the tables that were missing, or that QuestDB itself had made on a write: what was written before is not in them
 * @throws SlipstreamError `questdb_table` that names table and column and says what to do
 */
export async function prepareTables(
  connection: QuestDbConnection,
  ttlDays?: number,
): Promise<readonly HistoryTableName[]> {
  const present = await fittingTables(connection);
  for (const name of historyTableNames) {
    const found = present.get(name);
    const table = historyTable(name);
    if (found === undefined) await connection.query(createTableSql(table, ttlDays));
    else await adapt(connection, table, found, ttlDays);
  }
  // Ours have deduplication from the beginning.
  return historyTableNames.filter((name) => present.get(name)?.dedup !== true);
}

/**
 * Changes nothing.
 *
 * @returns the tables that are there
 * @throws SlipstreamError `questdb_table` where one has another shape
 */
export async function assertTables(connection: QuestDbConnection): Promise<readonly string[]> {
  return [...(await fittingTables(connection)).keys()];
}

async function fittingTables(connection: QuestDbConnection): Promise<ReadonlyMap<string, Present>> {
  const present = await presentTables(connection);
  const problems = historyTableNames.flatMap((name) => {
    const found = present.get(name);
    return found === undefined ? [] : problemsOf(historyTable(name), found);
  });
  if (problems.length === 0) return present;
  throw new SlipstreamError("questdb_table", problems.join(" "), { field: "questdb" });
}

async function presentTables(connection: QuestDbConnection): Promise<ReadonlyMap<string, Present>> {
  const present: Map<string, Present> = new Map();
  const names = historyTableNames.map((name) => `'${name}'`).join(", ");
  const rows = await connection.query(
    "SELECT table_name, designatedTimestamp, walEnabled, dedup, ttlValue, ttlUnit FROM tables() " +
      `WHERE table_name IN (${names})`,
  );
  for (const [name, designated, wal, dedup, ttlValue, ttlUnit] of tableRows.parse(rows)) {
    const columns = columnRows.parse(
      await connection.query(`SELECT "column", "type", upsertKey FROM table_columns('${name}')`),
    );
    present.set(name, {
      designated,
      wal,
      dedup,
      ttl: [ttlValue, ttlUnit],
      columns: new Map(columns.map(([column, type, key]) => [column, { type, key }])),
    });
  }
  return present;
}

function problemsOf(table: HistoryTable, { designated, wal, columns }: Present): readonly string[] {
  const { name } = table;
  const away = `Rename the table (RENAME TABLE ${name} TO ${name}_old), and it is made anew.`;
  if (designated !== "timestamp") {
    return [
      `QuestDB's table "${name}" is not Slipstream's: its designated timestamp is ${designated === null ? "missing" : `"${designated}"`}, not "timestamp". ${away}`,
    ];
  }
  if (!wal) {
    return [`QuestDB's table "${name}" has no WAL, which deduplication needs. ${away}`];
  }
  return table.columns.flatMap((column) => {
    const found = columns.get(column.name);
    if (found === undefined) {
      if (column.key !== true) return [];
      return [
        `QuestDB's table "${name}" is not Slipstream's: it has no column "${column.name}", part of the key. ${away}`,
      ];
    }
    if (holds(column, found.type)) return [];
    return [
      `QuestDB's table "${name}" has its column "${column.name}" as ${found.type}, not ${typeOf(column)}. Change it ` +
        `(ALTER TABLE ${name} ALTER COLUMN ${column.name} TYPE ${typeOf(column)}). Or: ${away}`,
    ];
  });
}

async function adapt(
  connection: QuestDbConnection,
  table: HistoryTable,
  { columns, dedup, ttl }: Present,
  ttlDays: number | undefined,
): Promise<void> {
  const { name } = table;
  for (const column of table.columns) {
    if (columns.has(column.name)) continue;
    await connection.query(`ALTER TABLE ${name} ADD COLUMN IF NOT EXISTS ${column.name} ${typeOf(column)}`);
  }
  const sameKey = table.columns.every(
    ({ name: column, key }) => (columns.get(column)?.key ?? false) === (key === true),
  );
  if (!dedup || !sameKey) {
    await connection.query(`ALTER TABLE ${name} DEDUP ENABLE UPSERT KEYS(${keyList(table)})`);
  }
  if (ttlDays !== undefined && String(ttl) !== String(ttlOf(table, ttlDays))) {
    await connection.query(`ALTER TABLE ${name} SET TTL ${ttlText(table, ttlDays)}`);
  }
}
