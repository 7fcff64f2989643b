/**
 * How a column's values are stored. "time": microseconds since 1970, an integer. "symbol": text with few
 * distinct values. "int": an integer that a double holds exactly. Integers beyond 2^53 are left out and so
 * count as unknown.
 */
export type HistoryColumnType = "time" | "symbol" | "text" | "int" | "double";

export interface HistoryColumn {
  readonly name: string;
  readonly type: HistoryColumnType;
  /** Unit of the column's numbers. */
  readonly unit?: string;
  readonly help: string;
  /** Part of the row's key; never null. */
  readonly key?: true;
  /** Part of the key that tables of older versions lack. It is added to them. */
  readonly added?: true;
}

/** A history table, embedded or in QuestDB. Writing a row again under the same key replaces it. */
export interface HistoryTable {
  readonly name: string;
  readonly help: string;
  /** The first column is `timestamp`, the row's event time. */
  readonly columns: readonly HistoryColumn[];
  /** Time span of one QuestDB partition. */
  readonly partition: "DAY" | "MONTH";
  /** Default number of days that a row is kept. */
  readonly keepDays: number;
  /** The name is reserved; nothing writes this table yet. */
  readonly reserved?: true;
}
