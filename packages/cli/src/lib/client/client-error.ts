import { SlipstreamError } from "@slipstream/conventions";

export type ClientErrorCode = "unreachable" | "unauthorized" | "refused" | "not_slipstream";

/** A request that did not succeed; the message says what to do. */
export class ClientError extends SlipstreamError {
  declare readonly code: ClientErrorCode;
  /** HTTP status, where there was an answer. */
  readonly status: number | undefined;
  /** The message without the address and the advice, for where these stand already. */
  readonly short: string;

  constructor(code: ClientErrorCode, message: string, options: { status?: number; short?: string } = {}) {
    super(code, message);
    this.short = options.short ?? message;
    this.status = options.status;
  }
}

/** What stands behind fetch's "fetch failed": the code of the socket's error, as ECONNREFUSED. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "no answer in time";
  const { cause } = error;
  if (cause instanceof AggregateError && cause.errors.length > 0) return reasonOf(cause.errors[0]);
  if (cause instanceof Error && "code" in cause && cause.code !== undefined) return String(cause.code);
  if ("code" in error && typeof error.code === "string") return error.code;
  return cause instanceof Error ? cause.message : error.message;
}
