import type { LogRecord, NewRecord, Segment } from "./log.ts";
import { positionOf } from "./position.ts";

/** A record as it is stored: numbered, by one more than the record before. */
export interface StoredRecord extends NewRecord {
  readonly position: number;
}

/** A file of the log. */
export interface StoredSegment {
  /** Position with which it begins. */
  readonly first: number;
  /** Position of its newest record; `first - 1` if it has none yet. */
  readonly last: number;
  readonly bytes: number;
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
}

/** The same records for those who do not know what a position is. It costs nothing: a position is that number. */
export function asLogRecords(records: readonly StoredRecord[]): readonly LogRecord[] {
  return records as unknown as readonly LogRecord[];
}

export function asSegment({ first, last, bytes, fromMs, toMs }: StoredSegment): Segment {
  return { after: positionOf(first - 1), last: positionOf(last), bytes, fromMs, toMs };
}
