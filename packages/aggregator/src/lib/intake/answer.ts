import type { Batch, OtlpFormat } from "@slipstream/otlp/decode";
import { errorBody, type HttpError } from "../server/http-error.ts";
import type { Answer } from "../server/respond.ts";
import { mediaType } from "./media.ts";

/** What the log took, as OTLP answers: an empty message, or how many items were refused and why. */
export function accepted(batch: Batch, format: OtlpFormat): Answer {
  const headers = { "content-type": mediaType[format] };
  const rejected = batch.refusals.reduce((sum, { count }) => sum + count, 0);
  if (rejected === 0) return { status: 200, headers, body: format === "json" ? "{}" : "" };
  const reasons = new Set(batch.refusals.map(({ reason }) => reason));
  const message = `refused: ${[...reasons].join("; ")}`;
  if (format === "protobuf") {
    // Export*ServiceResponse { partial_success = 1 { rejected_* = 1; error_message = 2 } }
    const partial = [...varintField(1, rejected), ...bytesField(2, Buffer.from(message))];
    return { status: 200, headers, body: Uint8Array.from(bytesField(1, partial)) };
  }
  const name = batch.kind === "traces" ? "rejectedSpans" : "rejectedDataPoints";
  // An int64 is a string in protobuf's JSON.
  const partialSuccess = { [name]: String(rejected), errorMessage: message };
  return { status: 200, headers, body: JSON.stringify({ partialSuccess }) };
}

/** google.rpc.Code of our statuses. */
const rpcCodes: Readonly<Record<number, number>> = { 400: 3, 401: 16, 413: 3, 415: 3, 429: 8, 503: 14 };
const RPC_UNKNOWN = 2;

/**
 * An error as OTLP wants it: google.rpc.Status in the request's format. The JSON form also holds the `error` object
 * that our other routes answer with.
 */
export function refused(error: HttpError, format: OtlpFormat): Answer {
  const code = rpcCodes[error.status] ?? RPC_UNKNOWN;
  const headers = { ...error.headers, "content-type": mediaType[format] };
  if (format === "json") {
    const body = JSON.stringify({ code, message: error.message, ...errorBody(error) });
    return { status: error.status, headers, body };
  }
  const body = Uint8Array.from([...varintField(1, code), ...bytesField(2, Buffer.from(error.message))]);
  return { status: error.status, headers, body };
}

function varintField(field: number, value: number): number[] {
  return [field * 8, ...varint(value)];
}

function bytesField(field: number, bytes: Iterable<number> & { readonly length: number }): number[] {
  return [field * 8 + 2, ...varint(bytes.length), ...bytes];
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  bytes.push(rest);
  return bytes;
}
