import type { LogRecord, NewRecord, Segment } from "./log.ts";
import type { LogCoreOptions } from "./log-core.ts";
import type { Salvaged } from "./salvage.ts";

export interface LogThreadSettings extends LogCoreOptions {
  /** Bodies on their way; see `ByteRing`. */
  readonly ring: SharedArrayBuffer;
}

/** Where a body lies in the ring. */
export interface InRing {
  readonly offset: number;
  readonly length: number;
}

/** A record on its way. A body for which the ring is too small, and an empty one, goes with the message. */
export interface SentRecord extends Omit<NewRecord, "body"> {
  readonly body: InRing | Uint8Array;
}

export type ToLog =
  | { readonly type: "append"; readonly records: readonly SentRecord[] }
  | { readonly type: "probe" }
  | { readonly type: "page"; readonly id: number; readonly after: number; readonly last: number }
  | { readonly type: "drop"; readonly id: number; readonly position: number }
  | { readonly type: "close" };

/** What a log consists of, after something other than its newest segment has changed. */
export interface LogState {
  readonly position: number;
  readonly segments: readonly Segment[];
}

export type FromLog =
  | { readonly type: "opened"; readonly state: LogState; readonly salvaged: readonly Salvaged[] }
  | {
      readonly type: "failed";
      readonly code: string;
      readonly message: string;
      readonly field: string | undefined;
    }
  /** The oldest `count` records that wait are committed, the first of them at `first`. */
  | {
      readonly type: "committed";
      readonly first: number;
      readonly count: number;
      /** The segment that they are in. Where its beginning is not that of the newest known, it is one more. */
      readonly active: Segment | undefined;
    }
  /** The oldest `count` records that wait were refused. What is in the log all the same, `state` tells. */
  | { readonly type: "refused"; readonly count: number; readonly reason: string; readonly state: LogState }
  | { readonly type: "probed"; readonly reason: string | undefined }
  | { readonly type: "page"; readonly id: number; readonly records: readonly LogRecord[] }
  | { readonly type: "state"; readonly id?: number; readonly state: LogState }
  | { readonly type: "error"; readonly id: number; readonly code: string; readonly message: string }
  | { readonly type: "closed" };

export function received(record: SentRecord, ring: Uint8Array): NewRecord {
  const { body } = record;
  if (body instanceof Uint8Array) return { ...record, body };
  return { ...record, body: ring.subarray(body.offset, body.offset + body.length) };
}
