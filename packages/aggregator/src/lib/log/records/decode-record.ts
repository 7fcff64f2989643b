import { gunzipSync } from "node:zlib";
import { decodeChain, decodeOptions, type EngineRecord } from "@slipstream/engine";
import { decodeBatch } from "@slipstream/otlp/decode";
import { isJsonRecord, type LogRecord } from "../log/log.ts";

/** A record of the log as the engine applies it. Only what was decoded on its way in is in the log, so this does not throw. */
export function decodeRecord(record: LogRecord): EngineRecord {
  if (record.kind === "tick") return { receivedMs: record.receivedMs, batch: { kind: "tick" } };
  if (isJsonRecord(record)) {
    const { kind, receivedMs, body } = record;
    if (kind === "chain") return { receivedMs, batch: decodeChain(body) };
    return { receivedMs, batch: { kind, options: decodeOptions(body) } };
  }
  const body = record.compression === "gzip" ? gunzipSync(record.body) : record.body;
  return { receivedMs: record.receivedMs, batch: decodeBatch(record.kind, body, record.format) };
}
