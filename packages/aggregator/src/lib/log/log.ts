import type { OtlpFormat } from "../otlp/model.ts";

/** An OTLP request as it was received, or the passing of time. */
export type NewRecord =
  | {
      readonly kind: "traces" | "metrics";
      readonly receivedMs: number;
      readonly format: OtlpFormat;
      /** How `body` is compressed, as it came in. */
      readonly compression: "none" | "gzip";
      readonly body: Uint8Array;
    }
  | { readonly kind: "tick"; readonly receivedMs: number };

/** Positions rise by one from 1; opaque to everyone but the log. */
export type LogRecord = NewRecord & { readonly position: number };

/** An ordered sequence of everything that changes state. */
export interface Log {
  /** Appends a record; resolves with its position once it is committed. Rejects where it cannot be. */
  append(record: NewRecord): Promise<number>;
  /** The records after `position` (0: all), in order, up to the newest at the time of the call. */
  read(after: number): AsyncIterable<LogRecord>;
  /** Position of the newest committed record, 0 where there is none. */
  readonly position: number;
  /** Bytes the log takes. */
  readonly bytes: number;
  /** Why appends fail at present, undefined where they succeed. */
  readonly fault: string | undefined;
  close(): Promise<void>;
}
