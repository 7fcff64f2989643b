import { gunzipSync } from "node:zlib";
import type { EngineRecord } from "../engine/model.ts";
import { decodeOptions } from "../engine/options-body.ts";
import type { LogRecord } from "../log/log.ts";
import { decodeBatch } from "../otlp/decode.ts";

/** A record of the log as the engine applies it. Only what intake has decoded is in the log, so this does not throw. */
export function decodeRecord(record: LogRecord): EngineRecord {
  if (record.kind === "tick") return { receivedMs: record.receivedMs, batch: { kind: "tick" } };
  if (record.kind === "options") {
    return { receivedMs: record.receivedMs, batch: { kind: "options", options: decodeOptions(record.body) } };
  }
  const body = record.compression === "gzip" ? gunzipSync(record.body) : record.body;
  return { receivedMs: record.receivedMs, batch: decodeBatch(record.kind, body, record.format) };
}
