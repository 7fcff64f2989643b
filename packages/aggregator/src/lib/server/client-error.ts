import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { http } from "../node-http.ts";
import type { Connections } from "./connections/connections.ts";
import { errorBody, HttpError } from "./http-error.ts";
import { kindOfBytes, type MisdirectedName, misdirectedKinds } from "./misdirected/kinds.ts";
import type { Misdirected } from "./misdirected/misdirected.ts";

const REQUEST_TIMEOUT = "ERR_HTTP_REQUEST_TIMEOUT";

/**
 * Answers what is not HTTP, or comes too slowly, once the requests before it are answered, and ends the connection. Nothing that
 * follows on it is read.
 */
export async function takeClientError(
  error: Error & { readonly rawPacket?: Uint8Array },
  socket: Socket,
  { connections, misdirected }: { connections: Connections; misdirected: Pick<Misdirected, "count"> },
): Promise<void> {
  const connection = connections.get(socket);
  // What follows on a broken connection is broken too.
  if (connection?.isStopped === true) return;
  const kind = kindOfBytes(error.rawPacket);
  if (kind !== undefined) misdirected.count({ kind, address: socket.remoteAddress ?? "" });
  if (codeOf(error) === REQUEST_TIMEOUT) {
    // The rest of the next request is not read before the earlier ones are answered: it is not the client that is slow.
    if (connection !== undefined && connection.waiting > 0) return;
    connections.closed.slow += 1;
  }
  connection?.stop();
  await connection?.answered();
  const { request, response } = connection?.current ?? {};
  // A second answer inside of the first would be read as a part of it.
  const isAnswered = request?.complete === false && response?.headersSent === true;
  if (isAnswered || !socket.writable || codeOf(error) === "ECONNRESET") socket.destroy();
  else answerRaw(explain(codeOf(error), kind), socket);
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
    `HTTP/1.1 ${error.status} ${http.STATUS_CODES[error.status]}\r\nconnection: close\r\n` +
      `content-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

function explain(code: string | undefined, kind: MisdirectedName | undefined): HttpError {
  if (kind !== undefined) {
    const { what, remedy } = misdirectedKinds[kind];
    return new HttpError(
      400,
      "bad_request",
      `The request is not HTTP/1.1: the client ${what}. Remedy: ${remedy}.`,
    );
  }
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return new HttpError(
        431,
        "headers_too_large",
        "The request's URL and headers together are larger than 16 KiB.",
      );
    case REQUEST_TIMEOUT:
      return new HttpError(408, "request_timeout", "The request took too long to arrive.");
    default:
      return new HttpError(400, "bad_request", "The request is not valid HTTP/1.1.");
  }
}

function codeOf(error: NodeJS.ErrnoException): string | undefined {
  return error.code;
}
