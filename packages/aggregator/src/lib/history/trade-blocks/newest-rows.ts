import { DESK_COLUMN, historyTable } from "@slipstream/conventions";
import { type HistoryRow, timestampUs } from "@slipstream/engine/storage";
import type { NumberedRow } from "./block-tables.ts";

/** Where a row has its key, but for the desk: one desk is read at a time. */
const keyPlaces = historyTable("trades").columns.flatMap(({ name, key }, at) =>
  key === true && name !== DESK_COLUMN ? [at] : [],
);

/** So many rows more than are wanted are kept before they are sorted again, at least. */
const SORT_AFTER = 10_000;

/** The newest so many of the rows that it is given. Of those with one key it keeps that which was written last. */
export class NewestRows {
  readonly #limit: number;
  #rows: NumberedRow[] = [];
  /** Of the rows, so many from the first are sorted, the newest first, each key once. */
  #sorted = 0;

  /** @param limit Infinity: all */
  constructor(limit: number) {
    this.#limit = limit;
  }

  add(row: NumberedRow): void {
    this.#rows.push(row);
  }

  /** Rows before this time do not belong to the newest, microseconds; undefined if any row may. */
  floorUs(): number | undefined {
    if (this.#limit === Number.POSITIVE_INFINITY || this.#rows.length < this.#limit) return undefined;
    const isDue =
      this.#sorted < this.#limit || this.#rows.length - this.#sorted >= Math.max(SORT_AFTER, this.#limit / 2);
    if (isDue) this.#sort();
    const last = this.#rows[this.#limit - 1];
    return this.#sorted < this.#limit || last === undefined ? undefined : timestampUs(last.row);
  }

  /** The newest first. */
  take(): readonly HistoryRow[] {
    this.#sort();
    return this.#rows.map(({ row }) => row);
  }

  #sort(): void {
    this.#rows.sort(byKey);
    const kept: NumberedRow[] = [];
    for (const one of this.#rows) {
      if (kept.length >= this.#limit) break;
      const before = kept.at(-1);
      if (before === undefined || compareKeys(before.row, one.row) !== 0) kept.push(one);
    }
    this.#rows = kept;
    this.#sorted = kept.length;
  }
}

/** The newest first; of one key that which was written last. */
function byKey(a: NumberedRow, b: NumberedRow): number {
  return compareKeys(b.row, a.row) || b.change - a.change;
}

function compareKeys(a: HistoryRow, b: HistoryRow): number {
  for (const place of keyPlaces) {
    const [one, other] = [a.values[place] ?? "", b.values[place] ?? ""];
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}
