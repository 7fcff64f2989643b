import { closed } from "./errors.ts";
import type { Log, NewRecord } from "./log.ts";
import { numberOf, positionOf } from "./position.ts";
import { asLogRecords, asSegment, type StoredRecord } from "./stored.ts";

export interface MemoryLogOptions {
  /** Bytes of bodies kept; the oldest records go first. The newest is always kept. */
  readonly maxBytes: number;
}

/** What a record takes beside its body, about. */
const RECORD_BYTES = 64;

export function sizeOf(record: NewRecord): number {
  return RECORD_BYTES + record.body.byteLength;
}

/** A log that ends with the process: for tests, `:memory:`, and the engine inside a trading service. */
export function createMemoryLog({ maxBytes }: MemoryLogOptions): Log {
  let records: StoredRecord[] = [];
  /** Index of the oldest record that is kept. */
  let head = 0;
  let position = 0;
  let bytes = 0;
  let isClosed = false;

  const dropOldest = (): void => {
    const oldest = records[head++];
    if (oldest !== undefined) bytes -= sizeOf(oldest);
    // Moved in one go, once the dropped ones are the greater part: O(1) for each record.
    if (head > 1024 && head * 2 > records.length) {
      records = records.slice(head);
      head = 0;
    }
  };
  const first = (): number => records[head]?.position ?? position + 1;

  return {
    append(record) {
      if (isClosed) return Promise.reject(closed());
      position++;
      // A copy, for the caller gives its own back; `slice` of a Buffer is none.
      records.push({ ...record, body: new Uint8Array(record.body), position });
      bytes += sizeOf(record);
      while (bytes > maxBytes && records.length - head > 1) dropOldest();
      return Promise.resolve(positionOf(position));
    },
    async *read(after) {
      const last = position;
      let next = numberOf(after) + 1;
      while (next <= last) {
        const record = records[head + Math.max(0, next - first())];
        if (record === undefined || record.position > last) return;
        yield* asLogRecords([record]);
        next = record.position + 1;
      }
    },
    get position() {
      return positionOf(position);
    },
    get droppedThrough() {
      return positionOf(first() - 1);
    },
    get bytes() {
      return bytes;
    },
    fault: undefined,
    segments: () => [
      asSegment({
        first: first(),
        last: position,
        bytes,
        fromMs: records[head]?.receivedMs,
        toMs: records.at(-1)?.receivedMs,
      }),
    ],
    // One segment, which is written to: what goes is decided by its bound alone.
    dropThrough: () => Promise.resolve(),
    close() {
      isClosed = true;
      return Promise.resolve();
    },
  };
}
