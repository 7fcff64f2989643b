import { SlipstreamError } from "@slipstream/conventions";

/** Answered to the client with this status. */
export class HttpError extends SlipstreamError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    options: { field?: string; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(code, message, options);
    this.name = "HttpError";
    this.status = status;
    this.headers = options.headers ?? {};
  }
}

/** The body of every error of the HTTP API. */
export interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string; readonly field?: string };
}

export function errorBody({ code, message, field }: SlipstreamError): ErrorBody {
  return { error: { code, message, ...(field === undefined ? {} : { field }) } };
}

/** Any error as one that can be answered. What is not meant for the client stays with us. */
export function toHttpError(error: unknown): HttpError {
  return error instanceof HttpError
    ? error
    : new HttpError(500, "internal", "The aggregator could not answer; its log says why.");
}
