import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { gunzipSync } from "node:zlib";
import { decodeChain } from "@slipstream/aggregator";
import { decodeRules } from "@slipstream/alerts";
import type { EngineOptions, EngineRecord } from "@slipstream/engine";
import { decodeMetrics, decodeTraces } from "@slipstream/otlp/decode";

export interface StoredRecord {
  readonly position: number;
  readonly record: EngineRecord;
}

export interface StoredLog {
  /** Position before the oldest record that is kept. */
  readonly droppedThrough: number;
  /** In order, with no position left out. */
  readonly records: readonly StoredRecord[];
}

/**
 * Every record of a data directory's log, read by other code than the aggregator's own.
 * @throws Error where a position is missing or comes twice
 */
export function readStoredLog(data: string): StoredLog {
  const records = segmentFiles(join(data, "log")).flatMap(readFile);
  records.sort((a, b) => a.position - b.position);
  const first = records[0]?.position ?? 1;
  for (const [index, { position }] of records.entries()) {
    if (position !== first + index)
      throw new Error(`The log has position ${position} where ${first + index} belongs.`);
  }
  return { droppedThrough: first - 1, records };
}

/** Of this version and of earlier ones, without the file that only stops earlier versions. */
function segmentFiles(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => /^\d+\.(segment|sqlite)$/.test(name) && name !== "00009007199254740991.sqlite")
    .map((name) => join(directory, name));
}

function readFile(file: string): StoredRecord[] {
  return file.endsWith(".segment") ? readFrames(file) : readRows(file);
}

/** What a record is made of, in whichever file. */
interface Row {
  readonly position: number;
  readonly received_ms: number;
  readonly kind: string;
  readonly format: string | null;
  readonly compression: string | null;
  readonly body: Uint8Array | null;
}

const FRAMES_AT = 4_096 + 72;
const HEAD_BYTES = 40;

/** Frames one after the other, up to the first that is none, or the end of the segment. Checksums are not looked at. */
function readFrames(file: string): StoredRecord[] {
  const bytes = readFileSync(file);
  const records: StoredRecord[] = [];
  for (let at = FRAMES_AT; at + HEAD_BYTES <= bytes.length; ) {
    if (bytes.readUInt32LE(at) !== bytes.readUInt32LE(16) || bytes[at + 36] !== 1) break;
    let end = at + HEAD_BYTES;
    const name = (lengthAt: number): string | null => {
      const length = bytes[at + lengthAt] ?? 0;
      if (length === 255) return null;
      end += length;
      return bytes.toString("utf8", end - length, end);
    };
    const [kind, format, compression] = [name(37) ?? "", name(38), name(39)];
    const bodyEnd = end + bytes.readUInt32LE(at + 8);
    // A group that was being written when the process was killed.
    if (bodyEnd > bytes.length) break;
    records.push(
      storedRecord({
        position: bytes.readDoubleLE(at + 16),
        received_ms: bytes.readDoubleLE(at + 24),
        kind,
        format,
        compression,
        body: bytes.subarray(end, bodyEnd),
      }),
    );
    at = bodyEnd;
  }
  return records;
}

function readRows(file: string): StoredRecord[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const rows = database.prepare("SELECT * FROM records ORDER BY position").all();
    return rows.map((row) => storedRecord(row as unknown as Row));
  } finally {
    database.close();
  }
}

function storedRecord(row: Row): StoredRecord {
  const { position, received_ms: receivedMs } = row;
  // With its layout, if that is not the first: "alert@2".
  const [kind] = row.kind.split("@");
  if (kind === "tick") return { position, record: { receivedMs, batch: { kind: "tick" } } };
  if (!(row.body instanceof Uint8Array)) throw new Error(`The record at ${position} has no body.`);
  if (kind === "options") {
    const options = JSON.parse(Buffer.from(row.body).toString()) as EngineOptions;
    return { position, record: { receivedMs, batch: { kind: "options", options } } };
  }
  if (kind === "rules")
    return { position, record: { receivedMs, batch: { kind: "rules", rules: decodeRules(row.body) } } };
  if (kind === "self" || kind === "alert") {
    const told = JSON.parse(Buffer.from(row.body).toString());
    return { position, record: { receivedMs, batch: { kind, ...told } } };
  }
  if (kind === "chain") return { position, record: { receivedMs, batch: decodeChain(row.body) } };
  const plain = row.compression === "gzip" ? gunzipSync(row.body) : row.body;
  const format = row.format === "json" ? "json" : "protobuf";
  const batch = kind === "metrics" ? decodeMetrics(plain, format) : decodeTraces(plain, format);
  return { position, record: { receivedMs, batch } };
}
