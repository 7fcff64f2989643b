/** An error that a person can act on: a stable `code` for programs, a message that says what to do. */
export class SlipstreamError extends Error {
  readonly code: string;
  /** The option, field or place that the error is about, where there is one. */
  readonly field: string | undefined;

  constructor(code: string, message: string, options: { field?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "SlipstreamError";
    this.code = code;
    this.field = options.field;
  }
}
