import { crc32 } from "node:zlib";
import { type NewRecord, noBody } from "../log.ts";
import type { StoredRecord } from "../stored.ts";

/** For `INSERT INTO records (position, kind, received_ms, format, compression, checksum, body)`. */
export const INSERT =
  "INSERT INTO records (position, kind, received_ms, format, compression, checksum, body) VALUES (?, ?, ?, ?, ?, ?, ?)";

type Row = [number, string, number, string | null, string | null, number, Uint8Array | null];

export function rowOf(record: NewRecord, position: number): Row {
  const { kind, receivedMs, format, compression, body } = record;
  const bytes = body.byteLength === 0 ? null : body;
  return [position, kind, receivedMs, format, compression, checksumOf(record, position), bytes];
}

/**
 * The record in a row, of whatever kind; undefined if it is not as it was written. SQLite itself notices damage to its own
 * structure, not to what it stores.
 */
export function recordOf(row: Readonly<Record<string, unknown>>): StoredRecord | undefined {
  const { kind, body, checksum } = row;
  if (typeof kind !== "string") return undefined;
  const record: StoredRecord = {
    position: Number(row.position),
    kind,
    receivedMs: Number(row.received_ms),
    format: textOf(row.format),
    compression: textOf(row.compression),
    // An empty one comes back as null.
    body: body instanceof Uint8Array ? body : noBody,
  };
  if (checksum === null || checksum === undefined) return isOfLayout1(record) ? record : undefined;
  return checksum === checksumOf(record, record.position) ? record : undefined;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** Layout 1 had no checksum: here only a kind and a form that it had tell a sound row from a damaged one. */
function isOfLayout1({ kind, format, compression }: StoredRecord): boolean {
  if (kind === "tick" || kind === "options") return true;
  return (
    (kind === "traces" || kind === "metrics") &&
    (format === "protobuf" || format === "json") &&
    (compression === "none" || compression === "gzip")
  );
}

function checksumOf({ kind, receivedMs, format, compression, body }: NewRecord, position: number): number {
  const form = format === null && compression === null ? "" : ` ${format} ${compression}`;
  return crc32(body, crc32(`${position} ${kind} ${receivedMs}${form}`));
}
