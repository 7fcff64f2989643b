import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { errorBody, type HttpError } from "./http-error.ts";

/** A body that a refused client is still sending is read up to here and so long, so that it sees the answer. */
const DISCARD_BYTES = 16 * 1024 * 1024;
const DISCARD_MS = 2_000;

/** Below this an unread body is discarded and the connection kept. */
const SMALL_BODY_BYTES = 1024 * 1024;

export interface Answer {
  readonly status: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body: string | Uint8Array;
}

/**
 * Sends an answer, also to a client that has not sent all of its body: to close on it at once would make the kernel
 * throw the answer away with the connection.
 */
export function respond(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  if (response.headersSent || response.destroyed) return;
  const lingers = !request.complete && mayBeLarge(request);
  response.writeHead(answer.status, {
    ...answer.headers,
    "content-length": Buffer.byteLength(answer.body),
    ...(lingers ? { connection: "close" } : {}),
  });
  if (!lingers) {
    response.end(answer.body);
    return;
  }
  response.write(answer.body);
  const finish = (): void => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(finish, DISCARD_MS);
  let discarded = 0;
  request.on("data", (chunk: Buffer) => {
    discarded += chunk.length;
    if (discarded > DISCARD_BYTES) finish();
  });
  request.once("end", finish);
  request.once("close", finish);
  request.resume();
}

export function respondJson(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: OutgoingHttpHeaders = {},
): void {
  const body = JSON.stringify(value);
  respond(request, response, {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body,
  });
}

export function respondError(request: IncomingMessage, response: ServerResponse, error: HttpError): void {
  respondJson(request, response, error.status, errorBody(error), { ...error.headers });
}

function mayBeLarge({ headers }: IncomingMessage): boolean {
  if (headers["transfer-encoding"] !== undefined) return true;
  return Number(headers["content-length"] ?? 0) > SMALL_BODY_BYTES;
}
