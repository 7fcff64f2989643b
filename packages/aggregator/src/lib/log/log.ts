import type { OtlpFormat } from "@slipstream/otlp/decode";

/** An OTLP request as it was received. */
export interface RequestRecord {
  readonly kind: "traces" | "metrics";
  /** Unix ms. */
  readonly receivedMs: number;
  readonly format: OtlpFormat;
  /** How `body` is compressed, as it came in. */
  readonly compression: "none" | "gzip";
  readonly body: Uint8Array;
}

/** Anything else that changes state, as JSON. */
export interface JsonRecord {
  readonly kind: "options" | "chain";
  readonly receivedMs: number;
  readonly body: Uint8Array;
}

/** The passing of time. */
export interface TickRecord {
  readonly kind: "tick";
  readonly receivedMs: number;
}

export function isJsonRecord(record: NewRecord): record is JsonRecord {
  return record.kind === "options" || record.kind === "chain";
}

export type NewRecord = RequestRecord | JsonRecord | TickRecord;

/** Positions rise, by one from 1 where nothing was lost; opaque to everyone but the log. */
export type LogRecord = NewRecord & { readonly position: number };

/** A part of the log that is kept, or dropped, as a whole. */
export interface Segment {
  /** Position with which it begins. */
  readonly first: number;
  /** Position of its newest record; `first - 1` where it has none yet. */
  readonly last: number;
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
   * @throws LogBusyError where too much waits already; SlipstreamError `log_unavailable` where it cannot be written
   */
  append(record: NewRecord): Promise<number>;
  /** The records after `position` (0: all that are kept), in order, up to the newest at the time of the call. */
  read(after: number): AsyncIterable<LogRecord>;
  /** Position of the newest committed record, 0 where there is none. */
  readonly position: number;
  /** Position before the oldest record kept; 0 where nothing was dropped. */
  readonly droppedThrough: number;
  /** Bytes the log takes. */
  readonly bytes: number;
  /** Why appends fail at present, undefined where they succeed. */
  readonly fault: string | undefined;
  /** Oldest first. */
  segments(): readonly Segment[];
  /** Deletes the segments whose every record is at or before `position`. Never the one that is written to. */
  dropThrough(position: number): Promise<void>;
  /** Commits what waits, and ends. */
  close(): Promise<void>;
}
