import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import type { Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";

/** Blocks take about 10 MB. */
const LARGEST_ANSWER = 2 ** 28;

export interface PostAnswer {
  readonly status: number;
  /** Empty if the status is no success. */
  readonly body: Uint8Array;
}

/** What cannot be posted, or got no answer. The message holds no URL. */
export class PostError extends Error {
  override readonly name = "PostError";
}

const http: HttpAgent = new HttpAgent({ keepAlive: true });
const https: HttpsAgent = new HttpsAgent({ keepAlive: true });

/**
 * Posts JSON and reads the answer's bytes. `fetch` takes half as long again for a block. Follows no redirects: another host
 * must not be told what the URL and the headers hold.
 *
 * @throws PostError if there is no whole answer in time
 */
export async function post(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  timeoutMs: number,
): Promise<PostAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await responseTo(url, { ...headers, ...encodings(url) }, body, signal);
    const status = response.statusCode ?? 0;
    const isSuccess = status >= 200 && status < 300;
    try {
      return { status, body: isSuccess ? await bytesOf(response) : new Uint8Array() };
    } finally {
      if (!response.complete) response.destroy();
    }
  } catch (error) {
    if (error instanceof PostError) throw error;
    if (signal.aborted) throw new PostError(`no answer within ${timeoutMs} ms`);
    throw new PostError(`the node cannot be reached (${codeOf(error)})`);
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
    const request = (isSecure ? requestHttps : requestHttp)(
      url,
      {
        method: "POST",
        headers: { ...headers, "content-length": String(Buffer.byteLength(body)) },
        agent: isSecure ? https : http,
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

async function bytesOf(response: IncomingMessage): Promise<Uint8Array> {
  const encoding = response.headers["content-encoding"];
  const length = Number(response.headers["content-length"]);
  const isWhole = encoding === undefined && Number.isSafeInteger(length) && length <= LARGEST_ANSWER;
  // Without the pool, whose buffers are shared.
  let bytes = Buffer.allocUnsafeSlow(isWhole ? length : 2 ** 16);
  let at = 0;
  for await (const chunk of decoded(response, encoding) as AsyncIterable<Buffer>) {
    if (at + chunk.length > LARGEST_ANSWER) throw new PostError("the answer is too long");
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
