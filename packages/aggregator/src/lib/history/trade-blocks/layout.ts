import {
  DESK_COLUMN,
  type HistoryColumn,
  type HistoryColumnType,
  historyTable,
} from "@slipstream/conventions";
import { array, oneOf, string, tuple } from "../../stored-form/form.ts";

/** A column of the rows in a block. A block has one desk, so its rows have no column for it. */
export type BlockColumn = Pick<HistoryColumn, "name" | "type">;

/** The columns that this Slipstream writes. */
export const blockColumns: readonly BlockColumn[] = historyTable("trades")
  .columns.filter(({ name }) => name !== DESK_COLUMN)
  .map(({ name, type }) => ({ name, type }));

/**
 * Texts of their own by which a trade is looked up. A block's filter has them, and the words of its symbols.
 */
export const idColumns: readonly string[] = ["trade_id", "trace_id", "signature"];

/** Whether a block's filter has the values of a column. */
export function isFiltered({ name, type }: BlockColumn): boolean {
  return type === "symbol" || idColumns.includes(name);
}

const types: readonly HistoryColumnType[] = ["time", "int", "double", "symbol", "text"];
const layoutSchema = array(tuple([string, oneOf(types)]));

/** A layout as it is kept beside the blocks: the names and types of the columns, in order. */
export function layoutText(columns: readonly BlockColumn[]): string {
  return JSON.stringify(columns.map(({ name, type }) => [name, type]));
}

/** Reads what `layoutText` wrote. @throws Error if it is something else */
export function parseLayout(text: string): readonly BlockColumn[] {
  return layoutSchema.parse(JSON.parse(text)).map(([name, type]) => ({ name, type }));
}
