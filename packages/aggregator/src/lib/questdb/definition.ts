import type { HistoryColumn, HistoryTable } from "@slipstream/conventions";

/** How the history's tables are called and kept. */
export interface TableOptions {
  /** Comes before the name of each table; "" for none. */
  readonly tablePrefix: string;
  /** Days after which QuestDB drops a partition; undefined leaves that as it is. */
  readonly ttlDays?: number | undefined;
}

/** The sink's name. */
export const QUESTDB = "questdb";

/** A column's type in QuestDB, the one we make first; the others hold the same values. */
const types: Readonly<Record<HistoryColumn["type"], readonly [string, ...string[]]>> = {
  time: ["TIMESTAMP"],
  symbol: ["SYMBOL"],
  text: ["VARCHAR", "STRING"],
  int: ["LONG"],
  double: ["DOUBLE"],
};

const DAYS_PER_MONTH = 30;

export function typeOf(column: HistoryColumn): string {
  return types[column.type][0];
}

export function holds(column: HistoryColumn, type: string): boolean {
  return types[column.type].includes(type);
}

/** A table's name in QuestDB. */
export function tableName(name: string, prefix: string): string {
  return `${prefix}${name}`;
}

/** Makes the table. What is written twice under its key is one row. */
export function createTableSql(table: HistoryTable, { tablePrefix, ttlDays }: TableOptions): string {
  const columns = table.columns.map((column) => `${column.name} ${typeOf(column)}`).join(", ");
  const ttl = ttlDays === undefined ? "" : ` TTL ${ttlText(table, ttlDays)}`;
  return (
    `CREATE TABLE IF NOT EXISTS ${tableName(table.name, tablePrefix)} (${columns}) TIMESTAMP(timestamp) ` +
    `PARTITION BY ${table.partition}${ttl} WAL DEDUP UPSERT KEYS(${keyList(table)})`
  );
}

export function keyList({ columns }: HistoryTable): string {
  return columns
    .filter(({ key }) => key === true)
    .map(({ name }) => name)
    .join(", ");
}

/** A TTL that fits the partitions, which go as a whole: "90 DAYS", or months, rounded up. */
export function ttlText({ partition }: HistoryTable, days: number): string {
  return partition === "DAY" ? `${days} DAYS` : `${Math.ceil(days / DAYS_PER_MONTH)} MONTHS`;
}

/** The same as `tables()` tells it: value and unit. */
export function ttlOf({ partition }: HistoryTable, days: number): readonly [number, string] {
  return partition === "DAY" ? [days, "DAY"] : [Math.ceil(days / DAYS_PER_MONTH), "MONTH"];
}
