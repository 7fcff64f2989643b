import {
  type HistoryTable,
  type HistoryTableName,
  historyTable,
  historyTableNames,
  SlipstreamError,
} from "@slipstream/conventions";
import { z } from "zod";
import type { QuestDbConnection } from "./connection.ts";
import {
  createTableSql,
  holds,
  keyList,
  type TableOptions,
  tableName,
  ttlOf,
  ttlText,
  typeOf,
} from "./definition.ts";

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
 * Makes the history's tables if they are missing, and adds columns that are missing. If a table has another shape, nothing is
 * changed.
 *
 * @returns the tables that were missing, or that QuestDB itself had made on a write: what was written before is not in them
 * @throws SlipstreamError `questdb_table` that names table and column and says what to do
 */
export async function prepareTables(
  connection: QuestDbConnection,
  options: TableOptions,
): Promise<readonly HistoryTableName[]> {
  const present = await fittingTables(connection, options.tablePrefix);
  for (const name of historyTableNames) {
    const found = present.get(name);
    const table = historyTable(name);
    if (found === undefined) await connection.query(createTableSql(table, options));
    else await adapt(connection, table, found, options);
  }
  // Ours have deduplication from the beginning.
  return historyTableNames.filter((name) => present.get(name)?.dedup !== true);
}

/**
 * Changes nothing.
 *
 * @returns the tables that are there, by their names in QuestDB
 * @throws SlipstreamError `questdb_table` if one has another shape
 */
export async function assertTables(
  connection: QuestDbConnection,
  tablePrefix: string,
): Promise<readonly string[]> {
  const present = await fittingTables(connection, tablePrefix);
  return [...present.keys()].map((name) => tableName(name, tablePrefix));
}

async function fittingTables(
  connection: QuestDbConnection,
  tablePrefix: string,
): Promise<ReadonlyMap<HistoryTableName, Present>> {
  const present = await presentTables(connection, tablePrefix);
  const problems = historyTableNames.flatMap((name) => {
    const found = present.get(name);
    return found === undefined ? [] : problemsOf(historyTable(name), tableName(name, tablePrefix), found);
  });
  if (problems.length === 0) return present;
  const advice =
    `Slipstream changes nothing and writes no history to QuestDB. To have tables ` +
    "of its own, set questdbTablePrefix (--questdb-table-prefix slipstream_).";
  throw new SlipstreamError("questdb_table", [...problems, advice].join(" "), {
    field: "questdbTablePrefix",
  });
}

async function presentTables(
  connection: QuestDbConnection,
  tablePrefix: string,
): Promise<ReadonlyMap<HistoryTableName, Present>> {
  const present: Map<HistoryTableName, Present> = new Map();
  const ours = new Map(historyTableNames.map((name) => [tableName(name, tablePrefix), name] as const));
  const names = [...ours.keys()].map((name) => `'${name}'`).join(", ");
  const rows = await connection.query(
    "SELECT table_name, designatedTimestamp, walEnabled, dedup, ttlValue, ttlUnit FROM tables() " +
      `WHERE table_name IN (${names})`,
  );
  for (const [inQuestDb, designated, wal, dedup, ttlValue, ttlUnit] of tableRows.parse(rows)) {
    const name = ours.get(inQuestDb);
    if (name === undefined) continue;
    const columns = columnRows.parse(
      await connection.query(`SELECT "column", "type", upsertKey FROM table_columns('${inQuestDb}')`),
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

/** What of a table does not fit. It may well be a table of the desk's own, so none of this says to change it. */
function problemsOf(
  table: HistoryTable,
  name: string,
  { designated, wal, columns }: Present,
): readonly string[] {
  const problem = (what: string): readonly string[] => [
    `QuestDB's table "${name}" is not Slipstream's: ${what}.`,
  ];
  if (designated !== "timestamp") {
    return problem(
      `its designated timestamp is ${designated === null ? "missing" : `"${designated}"`}, not "timestamp"`,
    );
  }
  if (!wal) return problem("it has no WAL, which deduplication needs");
  return table.columns.flatMap((column) => {
    const found = columns.get(column.name);
    if (found === undefined) {
      return column.key === true && column.added !== true
        ? problem(`it has no column "${column.name}", part of the key`)
        : [];
    }
    if (holds(column, found.type)) return [];
    return problem(`its column "${column.name}" is ${found.type}, not ${typeOf(column)}`);
  });
}

async function adapt(
  connection: QuestDbConnection,
  table: HistoryTable,
  { columns, dedup, ttl }: Present,
  { tablePrefix, ttlDays }: TableOptions,
): Promise<void> {
  const name = tableName(table.name, tablePrefix);
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
