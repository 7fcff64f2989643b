import { SlipstreamError } from "@slipstream/conventions";

/** Why a body is no OTLP. Errors of single items are refusals instead: the rest of their batch is kept. */
export type OtlpErrorCode = "truncated" | "malformed" | "wrong_type" | "too_deep";

/** The body as a whole cannot be read. `field` says where. */
export class OtlpError extends SlipstreamError {
  declare readonly code: OtlpErrorCode;

  constructor(code: OtlpErrorCode, message: string, field?: string) {
    super(code, message, field === undefined ? {} : { field });
  }
}
