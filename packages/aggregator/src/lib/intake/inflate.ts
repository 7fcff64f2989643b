import { gunzip, gunzipSync } from "node:zlib";
import { HttpError } from "../server/http-error.ts";
import { tooLarge } from "./body.ts";
import type { Compression } from "./media.ts";

/** Bodies up to here are inflated at once: handing them to a thread costs more than the work. */
const INLINE_BYTES = 32 * 1024;

/**
 * The body as OTLP. The limit holds while inflating, so that a few kilobytes that stand for gigabytes cost no more
 * than the limit.
 * @throws HttpError 413 above the limit, 400 where it is no gzip
 */
export async function inflate(body: Buffer, compression: Compression, maxBytes: number): Promise<Buffer> {
  if (compression === "none") return body;
  const options = { maxOutputLength: maxBytes };
  try {
    if (body.length <= INLINE_BYTES) return gunzipSync(body, options);
    return await new Promise((resolve, reject) => {
      gunzip(body, options, (error, inflated) => (error === null ? resolve(inflated) : reject(error)));
    });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE") {
      throw tooLarge(maxBytes, "decompressed");
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new HttpError(400, "bad_gzip", `The body is not gzip: ${reason}.`);
  }
}
