import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { errorBody, HttpError } from "./http-error.ts";

/**
 * Answers what is not HTTP, or comes too slowly, and ends the connection. If an answer has begun on it, it is only
 * ended: a second answer inside of the first would be read as a part of it.
 */
export function answerClientError(error: Error, socket: Duplex, begun: boolean): void {
  if (begun || !socket.writable || codeOf(error) === "ECONNRESET") socket.destroy();
  else answerRaw(explain(codeOf(error)), socket);
}

/** 405 for CONNECT: this is no proxy. */
export function answerConnect(socket: Duplex): void {
  // Node has given the connection away: an error on it would end the process if nobody listened.
  socket.on("error", () => socket.destroy());
  answerRaw(new HttpError(405, "method_not_allowed", "This is not a proxy: CONNECT is not allowed."), socket);
}

/** Answers on a connection that has no response object, and ends it. */
function answerRaw(error: HttpError, socket: Duplex): void {
  const body = JSON.stringify(errorBody(error));
  socket.end(
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}\r\nconnection: close\r\n` +
      `content-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

function explain(code: string | undefined): HttpError {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return new HttpError(
        431,
        "headers_too_large",
        "The request's URL and headers together are larger than 16 KiB.",
      );
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new HttpError(408, "request_timeout", "The request took too long to arrive.");
    default:
      return new HttpError(400, "bad_request", "The request is not valid HTTP/1.1.");
  }
}

function codeOf(error: NodeJS.ErrnoException): string | undefined {
  return error.code;
}
