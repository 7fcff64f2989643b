import { crc32 } from "node:zlib";
import { isJsonRecord, type LogRecord, type NewRecord } from "./log.ts";

/** For `INSERT INTO records (position, kind, received_ms, format, compression, checksum, body)`. */
export const INSERT =
  "INSERT INTO records (position, kind, received_ms, format, compression, checksum, body) VALUES (?, ?, ?, ?, ?, ?, ?)";

type Row = [number, string, number, string | null, string | null, number, Uint8Array | null];

export function rowOf(record: NewRecord, position: number): Row {
  const checksum = checksumOf(record, position);
  const { kind, receivedMs } = record;
  if (record.kind === "tick") return [position, kind, receivedMs, null, null, checksum, null];
  if (isJsonRecord(record)) return [position, kind, receivedMs, null, null, checksum, record.body];
  return [position, kind, receivedMs, record.format, record.compression, checksum, record.body];
}

/**
 * The record in a row, undefined where it is not as it was written: its checksum or its kind is wrong. SQLite itself
 * notices damage to its own structure, not to what it stores.
 */
export function recordOf(row: Readonly<Record<string, unknown>>): LogRecord | undefined {
  const record = readRow(row);
  if (record === undefined) return undefined;
  // Layout 1 had no checksum.
  if (row.checksum === null || row.checksum === undefined) return record;
  return row.checksum === checksumOf(record, record.position) ? record : undefined;
}

function readRow(row: Readonly<Record<string, unknown>>): LogRecord | undefined {
  const { kind, body, format, compression } = row;
  const position = Number(row.position);
  const receivedMs = Number(row.received_ms);
  if (kind === "tick") return { position, kind, receivedMs };
  // An empty body comes back as null.
  const bytes = body instanceof Uint8Array ? body : new Uint8Array(0);
  if (kind === "options" || kind === "chain") return { position, kind, receivedMs, body: bytes };
  if (kind !== "traces" && kind !== "metrics") return undefined;
  if (format !== "protobuf" && format !== "json") return undefined;
  if (compression !== "none" && compression !== "gzip") return undefined;
  return { position, kind, receivedMs, format, compression, body: bytes };
}

function checksumOf(record: NewRecord, position: number): number {
  const { kind, receivedMs } = record;
  if (record.kind === "tick") return crc32(`${position} ${kind} ${receivedMs}`);
  if (isJsonRecord(record)) return crc32(record.body, crc32(`${position} ${kind} ${receivedMs}`));
  return crc32(
    record.body,
    crc32(`${position} ${kind} ${receivedMs} ${record.format} ${record.compression}`),
  );
}
