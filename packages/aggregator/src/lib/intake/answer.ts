import type { Batch, OtlpFormat } from "@slipstream/otlp/decode";
import { type ContentAnswer, content } from "../server/answer.ts";
import { errorBody, type HttpError } from "../server/http-error.ts";
import { mediaType } from "./media.ts";

/** The answer to a batch that is in the log: an empty message, or how many items were refused, and why. */
export function accepted(batch: Batch, format: OtlpFormat): ContentAnswer {
  const headers = { "content-type": mediaType[format] };
  const rejected = batch.refusals.reduce((sum, { count }) => sum + count, 0);
  if (rejected === 0) return content(format === "json" ? "{}" : "", { headers });
  const reasons = new Set(batch.refusals.map(({ reason }) => reason));
  const message = `refused: ${[...reasons].join("; ")}`;
  if (format === "protobuf") {
    // Export*ServiceResponse { partial_success = 1 { rejected_* = 1; error_message = 2 } }
    const partial = [...varintField(1, rejected), ...bytesField(2, Buffer.from(message))];
    return content(Uint8Array.from(bytesField(1, partial)), { headers });
  }
  const name = batch.kind === "traces" ? "rejectedSpans" : "rejectedDataPoints";
  // An int64 is a string in protobuf's JSON.
  const partialSuccess = { [name]: String(rejected), errorMessage: message };
  return content(JSON.stringify({ partialSuccess }), { headers });
}

/** The google.rpc.Code for each HTTP status. */
const rpcCodes: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  413: 3,
  415: 3,
  429: 8,
  503: 14,
};
const RPC_UNKNOWN = 2;

/**
 * An error as OTLP requires it: google.rpc.Status in the request's format. In JSON the `error` object of our other
 * routes stands beside it.
 */
export function refused(error: HttpError, format: OtlpFormat): ContentAnswer {
  const { status, message } = error;
  const code = rpcCodes[status] ?? RPC_UNKNOWN;
  const headers = { ...error.headers, "content-type": mediaType[format] };
  const body =
    format === "json"
      ? JSON.stringify({ code, message, ...errorBody(error) })
      : Uint8Array.from([...varintField(1, code), ...bytesField(2, Buffer.from(message))]);
  return content(body, { status, headers });
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
