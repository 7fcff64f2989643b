/**
 * How a column's values are kept. "time": microseconds since 1970, a whole number. "symbol": text of few different values.
 * "int": a whole number that a double holds exactly; one beyond 2^53 is left out, for it is unknown then.
 */
export type HistoryColumnType = "time" | "symbol" | "text" | "int" | "double";

export interface HistoryColumn {
  readonly name: string;
  readonly type: HistoryColumnType;
  /** What its numbers are counted in. */
  readonly unit?: string;
  readonly help: string;
  /** Part of what tells one row from another; never null. */
  readonly key?: true;
}

/** A table of the history, embedded or in QuestDB. A row that is written again under its key replaces the first. */
export interface HistoryTable {
  readonly name: string;
  readonly help: string;
  /** The first is `timestamp`: the row's event time. */
  readonly columns: readonly HistoryColumn[];
  /** How much time lies in one of QuestDB's partitions. */
  readonly partition: "DAY" | "MONTH";
  /** Days that a row is kept unless configured. */
  readonly keepDays: number;
  /** The name is taken and nothing writes it yet. */
  readonly reserved?: true;
}
