import type { HistoryRecorder, HistoryRow } from "@slipstream/engine";

/** The rows that came about since they were last taken. */
export class RowBuffer implements HistoryRecorder {
  #rows: HistoryRow[] = [];

  record(row: HistoryRow): void {
    this.#rows.push(row);
  }

  take(): readonly HistoryRow[] {
    const rows = this.#rows;
    if (rows.length > 0) this.#rows = [];
    return rows;
  }
}
