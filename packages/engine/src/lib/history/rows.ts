import {
  type HistoryColumn,
  type HistoryRecord,
  type HistoryTableName,
  historyTable,
} from "@slipstream/conventions";

/** null: unknown. */
export type HistoryValue = string | number | null;

/** A row as it is carried and stored: cheap to hand to another thread. An absolute value under its key. */
export interface HistoryRow {
  readonly table: HistoryTableName;
  /** In the order of the table's columns; the first is the event time in microseconds. */
  readonly values: readonly HistoryValue[];
}

/** The row of a record; values of a wrong kind for their column become unknown. */
export function historyRow<Table extends HistoryTableName>(
  table: Table,
  record: HistoryRecord<Table>,
): HistoryRow {
  const byName = record as Readonly<Record<string, HistoryValue>>;
  // Filled one by one: an array that `map` makes could have holes, and takes twice as long to hand to another thread.
  const values: HistoryValue[] = [];
  for (const column of historyTable(table).columns) values.push(stored(column, byName[column.name]));
  return { table, values };
}

/** The row by the names of its columns. */
export function recordOf({ table, values }: HistoryRow): Readonly<Record<string, HistoryValue>> {
  return Object.fromEntries(historyTable(table).columns.map(({ name }, at) => [name, values[at] ?? null]));
}

/** Event time of the row, microseconds since 1970. */
export function timestampUs({ values }: HistoryRow): number {
  return values[0] as number;
}

/** An event's time, Unix ms with a fraction, as a row's: whole microseconds. */
export function microseconds(timeMs: number): number {
  return Math.round(timeMs * 1_000);
}

function stored({ type }: HistoryColumn, value: HistoryValue | undefined): HistoryValue {
  if (value === undefined || value === null) return null;
  if (type === "symbol" || type === "text") return storable(String(value));
  if (typeof value !== "number") return null;
  const known = type === "double" ? Number.isFinite(value) : Number.isSafeInteger(value);
  // SQLite knows no -0.
  return known ? value + 0 : null;
}

const ODD = /[\0\ud800-\udfff]/;

/** Text as both databases hold it: QuestDB takes no NUL, and half a surrogate pair has no UTF-8. */
function storable(text: string): string {
  // Most texts have neither, and this runs for each.
  if (!ODD.test(text)) return text;
  return text.replaceAll("\0", "\ufffd").replace(/\p{Surrogate}/gu, "\ufffd");
}
