import type { HistoryRow } from "./rows.ts";

/** Takes the rows as they come about. Rows are absolute values by key: the same row again changes nothing. */
export interface HistoryRecorder {
  record(row: HistoryRow): void;
}
