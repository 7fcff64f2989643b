import {
  DESK_COLUMN,
  type HistoryColumn,
  type HistoryRecord,
  type HistoryTableName,
  historyTable,
} from "@slipstream/conventions";
import { OWN_DESK } from "../desks/desk-name.ts";

/** null: unknown. */
export type HistoryValue = string | number | null;

/** A row as it is carried and stored: cheap to hand to another thread. An absolute value under its key. */
export interface HistoryRow {
  readonly table: HistoryTableName;
  /** In the order of the table's columns; the first is the event time in microseconds. */
  readonly values: readonly HistoryValue[];
}

/** The row of a record of the own desk; values of a wrong kind for their column become unknown. */
export function historyRow<Table extends HistoryTableName>(
  table: Table,
  record: HistoryRecord<Table>,
): HistoryRow {
  const byName = record as Readonly<Record<string, HistoryValue>>;
  // Filled one by one: an array that `map` makes could have holes, and takes twice as long to hand to another thread.
  const values: HistoryValue[] = [];
  for (const column of historyTable(table).columns) {
    values.push(column.name === DESK_COLUMN ? OWN_DESK : stored(column, byName[column.name]));
  }
  return { table, values };
}

/** The same row as one of a desk. */
export function rowOfDesk({ table, values }: HistoryRow, desk: string): HistoryRow {
  const at = historyTable(table).columns.findIndex(({ name }) => name === DESK_COLUMN);
  return at < 0 ? { table, values } : { table, values: values.with(at, desk) };
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
  if (type === "symbol" || type === "text")
    return value === undefined || value === null ? null : text(String(value));
  if (typeof value !== "number") return null;
  return type === "double" ? double(value) : int(value);
}

/** A number as a column of doubles has it. */
export function double(value: number | null | undefined): number | null {
  // SQLite knows no -0.
  return Number.isFinite(value) ? (value as number) + 0 : null;
}

/** A number as a column of integers has it. */
export function int(value: number | null | undefined): number | null {
  return Number.isSafeInteger(value) ? (value as number) + 0 : null;
}

/** A text as columns have it. */
export function text(value: string | null | undefined): string | null {
  return value === null || value === undefined ? null : storable(value);
}

const ODD = /[\0\ud800-\udfff]/;

/** Text as both databases hold it: QuestDB takes no NUL, and half a surrogate pair has no UTF-8. */
function storable(text: string): string {
  // Most texts have neither, and this runs for each.
  if (!ODD.test(text)) return text;
  return text.replaceAll("\0", "\ufffd").replace(/\p{Surrogate}/gu, "\ufffd");
}
