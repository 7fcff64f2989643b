import type { HistoryRow } from "@slipstream/engine/storage";

export interface Changes {
  /** In the order in which they changed. */
  readonly rows: readonly HistoryRow[];
  /** Where to read on from: the last row's number or, where there are no more, the newest one. */
  readonly change: number;
}

/**
 * Rows in the order in which they changed, each with a number that only rises: what a remote store is filled from. A row
 * that is amended gets a new number, and is given once, as it is now.
 */
export interface ChangeSource {
  /** Number of the newest change; 0 before the first. */
  readonly newest: number;
  /** Newest event time of any row, Unix ms; undefined where there is none. */
  readonly newestTimeMs: number | undefined;
  /** Rows that were dropped, since this object was made, before the sink had them. */
  readonly dropped: number;
  /** Number of the last change that the sink has written, 0 before the first: its checkpoint. */
  readonly position: number;
  /** At most `limit` rows that changed after the number. */
  changes(after: number, limit: number): Changes;
  /** Everything up to the number is written, for good. */
  moveTo(position: number): void;
}
