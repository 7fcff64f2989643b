import { gunzipSync } from "node:zlib";
import type { EngineRecord } from "../engine/model.ts";
import { SlipstreamError } from "../errors.ts";
import type { LogRecord } from "../log/log.ts";
import { decodeBatch } from "../otlp/decode.ts";

/**
 * A record of the log as the engine applies it. Only what intake has decoded is in the log, so its requests do not throw.
 * @throws SlipstreamError `log_version` where it is of a kind that this version does not apply
 */
export function decodeRecord(record: LogRecord): EngineRecord {
  if (record.kind === "tick") return { receivedMs: record.receivedMs, batch: { kind: "tick" } };
  if (record.kind === "options") {
    throw new SlipstreamError(
      "log_version",
      `The log has a record of kind "${record.kind}". Update Slipstream.`,
    );
  }
  const body = record.compression === "gzip" ? gunzipSync(record.body) : record.body;
  return { receivedMs: record.receivedMs, batch: decodeBatch(record.kind, body, record.format) };
}
