import { SlipstreamError } from "@slipstream/conventions";

/** Why a body is no OTLP. Errors of single items are refusals instead: the rest of their batch is kept. */
export type OtlpErrorCode = "truncated" | "malformed" | "wrong_type" | "too_many" | "too_large";

export function tooManyItems(max: number): OtlpError {
  return new OtlpError(
    "too_many",
    `The body holds more than ${max} resources, scopes, spans, metrics and points; send smaller batches.`,
  );
}

export function tooManyValues(max: number, where: string): OtlpError {
  return new OtlpError(
    "too_many",
    `A ${where} of the body holds more than ${max} values; set limits on attributes, events and links.`,
    where,
  );
}

/** The body as a whole cannot be read. `field` says where. */
export class OtlpError extends SlipstreamError {
  declare readonly code: OtlpErrorCode;

  constructor(code: OtlpErrorCode, message: string, field?: string) {
    super(code, message, field === undefined ? {} : { field });
  }
}
