import type { Position } from "./position.ts";

/** What a record holds beside its kind and its time. Only the kind can read it: see `records/`. */
export interface RecordContent {
  /** Format and compression of the body, of kinds that come in several; else null. */
  readonly format: string | null;
  readonly compression: string | null;
  /** Empty for kinds that need none. */
  readonly body: Uint8Array;
}

/** A record to be appended: see `newRecord`. The log stores it as it is and does not look into it. */
export interface NewRecord extends RecordContent {
  /** Name of its kind, and its layout unless that is the first: "tick", "chain@2". */
  readonly kind: string;
  /** Unix ms. */
  readonly receivedMs: number;
}

export interface LogRecord extends NewRecord {
  readonly position: Position;
}

export const noBody: Uint8Array = new Uint8Array(0);

/** A part of the log that is kept, or dropped, as a whole. */
export interface Segment {
  /** Its records come after this position. */
  readonly after: Position;
  /** Position of its newest record; `after` if it has none yet. */
  readonly last: Position;
  /** Bytes it takes. */
  readonly bytes: number;
  /** Time of receipt of its first record and of its newest, Unix ms; undefined where it has none yet. */
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
}

/** An ordered sequence of everything that changes state. */
export interface Log {
  /**
   * Appends a record; resolves with its position once it is committed. What is appended before another is before it in
   * the log. `body` is copied: it may be used again at once.
   * @throws SlipstreamError: `log_busy` if too much is waiting already, `log_unavailable` if it cannot be written
   */
  append(record: NewRecord): Promise<Position>;
  /** The records after a position (`BEGINNING`: all that are kept), in order, up to the newest at the time of the call. */
  read(after: Position): AsyncIterable<LogRecord>;
  /** Position of the newest committed record; `BEGINNING` if there is none. */
  readonly position: Position;
  /** Every record that is kept comes after it; `BEGINNING` if nothing was dropped. */
  readonly droppedThrough: Position;
  /** Bytes the log takes. */
  readonly bytes: number;
  /** Why appends fail at present, undefined where they succeed. */
  readonly fault: string | undefined;
  /** Oldest first. */
  segments(): readonly Segment[];
  /** Deletes the segments whose every record is at or before `position`. Never the one that is written to. */
  dropThrough(position: Position): Promise<void>;
  /** Commits what waits, and ends. */
  close(): Promise<void>;
}
