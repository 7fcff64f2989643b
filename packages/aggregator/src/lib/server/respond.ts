import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { ContentAnswer } from "./answer.ts";

/** How much of a body that is not wanted is read, and for how long, so that its sender sees the answer. */
const DISCARD_BYTES = 16 * 1024 * 1024;
const DISCARD_MS = 2_000;
const CHUNK_BYTES = 1024;

/** Larger bodies are written in parts of this size. */
const PART_BYTES = 64 * 1024;

/** A body up to this size is read to its end, and the connection is kept. */
const SMALL_BODY_BYTES = 1024 * 1024;

/** Of every answer: a browser must not take it for a script or a page that it does not say it is. */
const commonHeaders: OutgoingHttpHeaders = { "x-content-type-options": "nosniff" };

/** The answer with a body of bytes if it is large: only bytes can be written in parts. */
export function inBytes(answer: ContentAnswer): ContentAnswer {
  const { body } = answer;
  return typeof body === "string" && body.length > PART_BYTES
    ? { ...answer, body: Buffer.from(body) }
    : answer;
}

/**
 * Sends an answer, also to a client that is still sending its body: if the connection were closed at once, the
 * kernel would throw the answer away with it.
 */
export function respond(request: IncomingMessage, response: ServerResponse, answer: ContentAnswer): void {
  if (response.headersSent || response.destroyed) return;
  const lingers = !request.complete && mayBeLarge(request);
  response.writeHead(answer.status, {
    ...commonHeaders,
    ...answer.headers,
    ...(answer.status === 204 ? {} : { "content-length": Buffer.byteLength(answer.body) }),
    ...(lingers ? { connection: "close" } : {}),
  });
  if (!lingers) {
    writeBody(response, answer.body);
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
    // To take small chunks costs more than their bytes.
    discarded += Math.max(chunk.length, CHUNK_BYTES);
    if (discarded > DISCARD_BYTES) finish();
  });
  request.once("end", finish);
  request.once("close", finish);
  request.resume();
}

/**
 * Writes a body to its end. A large one goes in parts, so that it can be seen how much its client has taken.
 */
function writeBody(response: ServerResponse, bytes: string | Uint8Array): void {
  if (typeof bytes === "string" || bytes.length <= PART_BYTES) {
    response.end(bytes);
    return;
  }
  let sent = 0;
  const writeParts = (): void => {
    while (sent < bytes.length) {
      const part = bytes.subarray(sent, sent + PART_BYTES);
      sent += part.length;
      if (sent >= bytes.length) response.end(part);
      else if (!response.write(part)) return;
    }
  };
  response.on("drain", writeParts);
  writeParts();
}

/** Sends the head of an answer whose length is not known yet. */
export function respondHead(response: ServerResponse, headers: OutgoingHttpHeaders): void {
  response.writeHead(200, { ...commonHeaders, ...headers });
  response.flushHeaders();
}

function mayBeLarge({ headers }: IncomingMessage): boolean {
  if (headers["transfer-encoding"] !== undefined) return true;
  return Number(headers["content-length"] ?? 0) > SMALL_BODY_BYTES;
}
