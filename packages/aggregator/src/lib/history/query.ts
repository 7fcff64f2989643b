import { DESK_COLUMN, type HistoryTableName, historyTable, SlipstreamError } from "@slipstream/conventions";
import { type HistoryRow, OWN_DESK } from "@slipstream/engine/storage";
import { historyDamaged, type MissingRows, missingInAll } from "./missing-rows.ts";

export interface HistoryQuery {
  readonly table: HistoryTableName;
  /** A desk beside the aggregator's own. Default: the own one. */
  readonly desk?: string | undefined;
  /** Event time, Unix ms, inclusive. */
  readonly fromMs?: number | undefined;
  /** Event time, Unix ms, exclusive. */
  readonly toMs?: number | undefined;
  /** Values that columns of text must have. */
  readonly equal?: Readonly<Record<string, string>> | undefined;
  /** The newest so many. */
  readonly limit?: number | undefined;
  /** Columns to read; the others are null in the rows. Default: all. */
  readonly columns?: readonly string[] | undefined;
}

/** The desks that a history has rows of. */
export interface HistoryDesks {
  /** Name of the desk that the aggregator was started for, as far as it is known; "" if it has none. */
  readonly own: string;
  /** Names of the others, ascending. */
  readonly others: readonly string[];
}

/** What a query finds. */
export interface FoundRows {
  /** Ascending by event time, then by the rest of the key. */
  readonly rows: readonly HistoryRow[];
  /** What may belong to them and cannot be read. */
  readonly missing: readonly MissingRows[];
}

/** Reads the history, embedded or in QuestDB. */
export interface HistoryReader {
  /** @throws SlipstreamError where the store cannot be read, or the table has no such column. */
  find(query: HistoryQuery): Promise<FoundRows>;
  /** All rows of a query. @throws SlipstreamError as `find`, and `history_damaged` if some cannot be read. */
  rows(query: HistoryQuery): Promise<readonly HistoryRow[]>;
  /** @throws SlipstreamError where the store cannot be read. */
  desks(): Promise<HistoryDesks>;
  close(): Promise<void>;
}

/** A history as one desk's alone. */
export function historyOfDesk(
  history: Pick<HistoryReader, "find">,
  desk: string | undefined,
): Pick<HistoryReader, "find"> {
  return { find: (query) => history.find({ ...query, desk }) };
}

/** The rows, if all are there. @throws SlipstreamError `history_damaged` */
export function allRows({ rows, missing }: FoundRows): readonly HistoryRow[] {
  const inAll = missingInAll(missing);
  if (inAll !== undefined) throw historyDamaged(inAll);
  return rows;
}

/** A query's conditions, with what stands for a value, and the values. */
export interface Conditions {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/**
 * @param time how the database wants a time of so many microseconds
 * @param place what stands for the n-th value, from 1
 * @param ownDesk what holds of the own desk's rows, if the table has others too
 */
export function conditionsOf(
  { table, desk = OWN_DESK, fromMs, toMs, equal = {} }: HistoryQuery,
  time: (place: string) => string,
  place: (n: number) => string,
  ownDesk?: string,
): Conditions {
  const parts: string[] = [];
  const values: (string | number)[] = [];
  const add = (column: string, operator: string, value: string | number, of = (text: string) => text) => {
    values.push(value);
    parts.push(`${column} ${operator} ${of(place(values.length))}`);
  };
  if (fromMs !== undefined) add("timestamp", ">=", Math.ceil(fromMs * 1_000), time);
  if (toMs !== undefined) add("timestamp", "<", Math.ceil(toMs * 1_000), time);
  if (desk !== OWN_DESK) add(DESK_COLUMN, "=", desk);
  else if (ownDesk !== undefined && hasDesks(table)) parts.push(ownDesk);
  for (const [column, value] of Object.entries(equal)) {
    assertTextColumn(table, column);
    add(column, "=", value);
  }
  return { sql: parts.length === 0 ? "" : `WHERE ${parts.join(" AND ")}`, values };
}

/** Whether rows of the table belong to a desk. */
export function hasDesks(table: HistoryTableName): boolean {
  return historyTable(table).columns.some(({ name }) => name === DESK_COLUMN);
}

/** "timestamp DESC, operation DESC": the newest first, so that a limit keeps the newest. */
export function newestFirst(table: HistoryTableName): string {
  const keys = historyTable(table).columns.filter(({ key, name }) => key === true && name !== DESK_COLUMN);
  return keys.map(({ name }) => `${name} DESC`).join(", ");
}

function assertTextColumn(table: HistoryTableName, column: string): void {
  const columns = historyTable(table).columns.filter(
    ({ name, type }) => (type === "symbol" || type === "text") && name !== DESK_COLUMN,
  );
  if (columns.some(({ name }) => name === column)) return;
  const allowed = columns.map(({ name }) => name).join(", ");
  throw new SlipstreamError(
    "history_no_column",
    `The table ${table} has no column "${column}" to select by. It has: ${allowed}.`,
    { field: column },
  );
}
