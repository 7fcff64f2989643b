import type { ErrorCode } from "./error-codes.ts";

/** An error that a person can act on: a stable `code` for programs, a message that says what to do. */
export class SlipstreamError extends Error {
  readonly code: ErrorCode;
  /** The option, field or place that the error is about, if there is one. */
  readonly field: string | undefined;

  constructor(code: ErrorCode, message: string, options: { field?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "SlipstreamError";
    this.code = code;
    this.field = options.field;
  }
}

/** Whether the error is a SlipstreamError with one of the codes. */
export function hasCode<Code extends ErrorCode>(
  error: unknown,
  ...codes: readonly Code[]
): error is SlipstreamError & { readonly code: Code } {
  return error instanceof SlipstreamError && (codes as readonly string[]).includes(error.code);
}
