import { gunzip, gunzipSync } from "node:zlib";
import { HttpError } from "../server/http-error.ts";
import { tooLarge } from "./body.ts";
import type { Compression } from "./media.ts";

/** Smaller bodies are decompressed here and now: handing them to a thread costs more than the work. */
const INLINE_BYTES = 32 * 1024;

/**
 * Decompresses a body. It stops at the limit, so a few kilobytes that would become gigabytes cost no more than that.
 * @throws HttpError 413 above the limit, 400 if it is not gzip
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
