import {
  DESK_COLUMN,
  type HistoryColumn,
  type HistoryTableName,
  historyTable,
  historyTableNames,
} from "@slipstream/conventions";
import { type HistoryRow, type HistoryValue, OWN_DESK } from "@slipstream/engine/storage";
import { hasDesks } from "./query.ts";

/**
 * A table of the file. A table of the history is two in the file: one with the own desk's rows, as every version of Slipstream has
 * made it, and one with those of other desks, which has a column for the desk. So older versions go on with the first, and do not
 * mistake the rows of the second for their desk's.
 */
export interface EmbeddedTable {
  readonly table: HistoryTableName;
  readonly name: string;
  /** As they are stored. */
  readonly columns: readonly HistoryColumn[];
  /** Of other desks. */
  readonly isOthers: boolean;
}

const own: readonly EmbeddedTable[] = historyTableNames.map((table) => ({
  table,
  name: table,
  columns: historyTable(table).columns.filter(({ name }) => name !== DESK_COLUMN),
  isOthers: false,
}));

const others: readonly EmbeddedTable[] = historyTableNames.filter(hasDesks).map((table) => ({
  table,
  name: `${table}_of_desks`,
  columns: historyTable(table).columns,
  isOthers: true,
}));

/** The tables of the file. */
export const embeddedTables: readonly EmbeddedTable[] = [...own, ...others];

/** The place of the desk among a table's columns; -1 if it has none. */
const deskPlaces: ReadonlyMap<HistoryTableName, number> = new Map(
  historyTableNames.map((table) => [
    table,
    historyTable(table).columns.findIndex(({ name }) => name === DESK_COLUMN),
  ]),
);

/** Whose row it is. */
export function deskOf({ table, values }: HistoryRow): string {
  const desk = values[deskPlaces.get(table) ?? -1];
  return typeof desk === "string" ? desk : OWN_DESK;
}

/** A row's values as its table in the file stores them. */
export function storedValues(
  { isOthers, table }: EmbeddedTable,
  { values }: HistoryRow,
): readonly HistoryValue[] {
  const at = deskPlaces.get(table) ?? -1;
  return isOthers || at < 0 ? values : values.toSpliced(at, 1);
}

/**
 * The columns of the history's table, as a list in SQL that reads them from this one.
 *
 * @param wanted the columns to read, if not all
 */
export function columnList({ table, isOthers }: EmbeddedTable, wanted?: readonly string[]): string {
  return historyTable(table)
    .columns.map(({ name }) => {
      if (name === DESK_COLUMN && !isOthers) return `'${OWN_DESK}'`;
      return wanted?.includes(name) === false ? "NULL" : name;
    })
    .join(", ");
}

/** Names of the columns that tell one row from another. The desk comes first, for one desk is read at a time. */
export function keyNames({ columns, isOthers }: EmbeddedTable): readonly string[] {
  const names = columns.filter(({ key }) => key === true).map(({ name }) => name);
  return isOthers ? [DESK_COLUMN, ...names.filter((name) => name !== DESK_COLUMN)] : names;
}
