import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { errorBody, HttpError } from "./http-error.ts";

/**
 * Answers what is not HTTP, or comes too slowly, and ends the connection. Where an answer has begun on it, it
 * is only ended: a second answer in the middle of the first would be read as a part of it.
 */
export function answerClientError(error: Error, socket: Socket, begun: boolean): void {
  if (begun || !socket.writable || (error as NodeJS.ErrnoException).code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const shown = explain((error as NodeJS.ErrnoException).code);
  const body = JSON.stringify(errorBody(shown));
  socket.end(
    `HTTP/1.1 ${shown.status} ${STATUS_CODES[shown.status]}\r\nconnection: close\r\n` +
      `content-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

function explain(code: string | undefined): HttpError {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return new HttpError(431, "headers_too_large", "The request's headers are larger than 16 KiB.");
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new HttpError(408, "request_timeout", "The request took too long to come in.");
    default:
      return new HttpError(400, "bad_request", "The request is not HTTP/1.1.");
  }
}
