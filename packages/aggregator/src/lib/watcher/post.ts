import type { IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import type { Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { http } from "../node-http.ts";
import { tlsFault } from "../tls-fault.ts";

export interface PostAnswer {
  readonly status: number;
  /** Empty if the status is no success. */
  readonly body: Uint8Array;
}

/** What cannot be posted, or got no answer. The message holds no URL. */
export class PostError extends Error {
  override readonly name = "PostError";
}

/**
 * Posts JSON and reads the answer's bytes. `fetch` takes half as long again for a block. Follows no redirects: another host
 * must not be told what the URL and the headers hold. Node's own agents keep connections, and use a proxy if they are told to
 * (`NODE_USE_ENV_PROXY`).
 *
 * @param most bytes of an answer
 * @throws PostError if there is no whole answer in time
 */
export async function post(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  timeoutMs: number,
  most: number,
): Promise<PostAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await responseTo(url, { ...headers, ...encodings(url) }, body, signal);
    const status = response.statusCode ?? 0;
    const isSuccess = status >= 200 && status < 300;
    try {
      return { status, body: isSuccess ? await bytesOf(response, most) : new Uint8Array() };
    } catch (error) {
      if (error instanceof PostError || signal.aborted) throw error;
      const code = codeOf(error);
      throw new PostError(
        code === "ECONNRESET" ? "the answer ended early" : `the answer cannot be read (${code})`,
      );
    } finally {
      if (!response.complete) response.destroy();
    }
  } catch (error) {
    if (error instanceof PostError) throw error;
    if (signal.aborted) throw new PostError(`no answer within ${timeoutMs} ms`);
    const code = codeOf(error);
    const fault = tlsFault(error, "name its file in NODE_EXTRA_CA_CERTS");
    throw new PostError(`the node cannot be reached (${code})${fault === undefined ? "" : `: ${fault}`}`);
  }
}

/** A node on this machine need not compress what it sends: it takes longer to read than to send. */
function encodings({ hostname }: URL): Record<string, string> {
  const isNear = hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
  return { "accept-encoding": isNear ? "identity" : "gzip, deflate, br" };
}

function responseTo(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const isSecure = url.protocol === "https:";
    const request = (isSecure ? requestHttps : http.request)(
      url,
      {
        method: "POST",
        headers: { ...headers, "content-length": String(Buffer.byteLength(body)) },
        signal,
      },
      resolve,
    );
    request.on("error", (error: NodeJS.ErrnoException) => {
      // The node closed a connection that was kept, just when it was used again.
      const isStale = request.reusedSocket && error.code === "ECONNRESET" && !signal.aborted;
      if (isStale) resolve(responseTo(url, headers, body, signal));
      else reject(error);
    });
    request.end(body);
  });
}

async function bytesOf(response: IncomingMessage, most: number): Promise<Uint8Array> {
  const encoding = response.headers["content-encoding"]?.toLowerCase();
  const length = Number(response.headers["content-length"]);
  const isWhole = encoding === undefined && Number.isSafeInteger(length) && length <= most;
  // Without the pool, whose buffers are shared.
  let bytes = Buffer.allocUnsafeSlow(isWhole ? length : 2 ** 16);
  let at = 0;
  for await (const chunk of decoded(response, encoding) as AsyncIterable<Buffer>) {
    if (at + chunk.length > most) throw new PostError(`the answer is longer than ${most} bytes`);
    if (at + chunk.length > bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(2 * bytes.length, at + chunk.length));
      bytes.copy(larger, 0, 0, at);
      bytes = larger;
    }
    chunk.copy(bytes, at);
    at += chunk.length;
  }
  return bytes.subarray(0, at);
}

function decoded(response: IncomingMessage, encoding: string | undefined): Readable {
  if (encoding === undefined || encoding === "identity") return response;
  const decoder = decoders[encoding]?.();
  if (decoder === undefined) throw new PostError("the answer has an unknown encoding");
  // What ends the response early ends the decoder, too.
  response.on("error", (error) => decoder.destroy(error));
  return response.pipe(decoder);
}

const decoders: Readonly<Record<string, () => Readable & NodeJS.WritableStream>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return "code" in error ? String(error.code) : error.name;
}
