import { type ErrorCode, hasCode, SlipstreamError } from "@slipstream/conventions";
import { type ContentAnswer, json } from "./answer.ts";

/** An error for the client, with its status. */
export class HttpError extends SlipstreamError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: ErrorCode,
    message: string,
    options: { field?: string; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(code, message, options);
    this.status = status;
    this.headers = options.headers ?? {};
  }
}

/** The client left before its request had come in: there is nobody to answer. */
export class ClientGone extends Error {}

/** The body of every error. */
export interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string; readonly field?: string };
}

export function errorBody({ code, message, field }: SlipstreamError): ErrorBody {
  return { error: { code, message, ...(field === undefined ? {} : { field }) } };
}

export function errorAnswer(error: HttpError): ContentAnswer {
  return json(errorBody(error), error);
}

/** Any error as one for the client. It learns nothing about an error that was not meant for it. */
export function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof SlipstreamError && isUnavailable(error)) {
    return new HttpError(503, error.code, error.message, { headers: { "retry-after": "1" } });
  }
  // Its message names the times that can be asked for instead.
  if (hasCode(error, "history_damaged")) return new HttpError(500, error.code, error.message);
  return new HttpError(500, "internal", "The aggregator could not answer; see its log.");
}

/** A part of the aggregator does not work at present and is being restarted. */
function isUnavailable({ code }: SlipstreamError): boolean {
  return code.endsWith("_unavailable");
}
