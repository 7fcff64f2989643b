import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { gunzipSync } from "node:zlib";
import { decodeChain } from "@slipstream/aggregator";
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

function segmentFiles(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => /^\d+\.sqlite$/.test(name))
    .map((name) => join(directory, name));
}

function readFile(file: string): StoredRecord[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database.prepare("SELECT * FROM records ORDER BY position").all().map(storedRecord);
  } finally {
    database.close();
  }
}

function storedRecord(row: Record<string, unknown>): StoredRecord {
  const position = Number(row.position);
  const receivedMs = Number(row.received_ms);
  if (row.kind === "tick") return { position, record: { receivedMs, batch: { kind: "tick" } } };
  if (!(row.body instanceof Uint8Array)) throw new Error(`The record at ${position} has no body.`);
  if (row.kind === "options") {
    const options = JSON.parse(Buffer.from(row.body).toString()) as EngineOptions;
    return { position, record: { receivedMs, batch: { kind: "options", options } } };
  }
  if (row.kind === "chain") return { position, record: { receivedMs, batch: decodeChain(row.body) } };
  const plain = row.compression === "gzip" ? gunzipSync(row.body) : row.body;
  const format = row.format === "json" ? "json" : "protobuf";
  const batch = row.kind === "metrics" ? decodeMetrics(plain, format) : decodeTraces(plain, format);
  return { position, record: { receivedMs, batch } };
}
