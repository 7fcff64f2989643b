import type { None, ThreadContract } from "../threads/contract.ts";
import type { NewRecord } from "./log.ts";
import type { LogCoreOptions } from "./log-core.ts";
import type { Salvaged } from "./salvage.ts";
import type { StoredRecord, StoredSegment } from "./stored.ts";

/** Where a body lies in the ring. */
export interface InRing {
  readonly offset: number;
  readonly length: number;
}

/** A record on its way. A body for which the ring is too small, and an empty one, goes with the message. */
export interface SentRecord extends Omit<NewRecord, "body"> {
  readonly body: InRing | Uint8Array;
}

/** What a log consists of. */
export interface LogState {
  readonly position: number;
  readonly segments: readonly StoredSegment[];
}

export interface Appended {
  /** Position of the first of the records. */
  readonly first: number;
  /** The segment that they are in. If it does not begin where the newest known one does, it is a new one. */
  readonly active: StoredSegment | undefined;
}

/** The log's thread and its owner. */
export interface LogThread extends ThreadContract {
  readonly settings: LogCoreOptions & {
    /** Bodies on their way; see `ByteRing`. */
    readonly ring: SharedArrayBuffer;
  };
  readonly opened: { readonly state: LogState; readonly salvaged: readonly Salvaged[] };
  readonly questions: {
    /** Answered once the records are committed. What came together shares a transaction, and fails together. */
    readonly append: (records: readonly SentRecord[]) => Appended;
    /** Rejects with the reason if records cannot be written. */
    readonly probe: () => void;
    /** The first records after `after`, up to `last`; none if there are no more. */
    readonly page: (after: number, last: number) => readonly StoredRecord[];
    readonly dropThrough: (position: number) => LogState;
  };
  readonly orders: None;
  readonly news: {
    /** Something other than the newest segment has changed, or a commit has failed and may have taken place. */
    readonly state: (state: LogState) => void;
    /** Why records cannot be written, as was found without one. */
    readonly fault: (reason: string) => void;
  };
}

export function received(record: SentRecord, ring: Uint8Array): NewRecord {
  const { body } = record;
  if (body instanceof Uint8Array) return { ...record, body };
  return { ...record, body: ring.subarray(body.offset, body.offset + body.length) };
}
