import { promisify } from "node:util";
// Not by name: see compression.ts.
import zlib from "node:zlib";
import { SlipstreamError } from "@slipstream/conventions";
import type { Compression } from "../compression/compression.ts";
import { statedSize, zstdFrames, zstdOptions } from "../compression/zstd.ts";
import type { Turns } from "../pipeline/turns.ts";
import { HttpError } from "../server/http-error.ts";
import { tooLarge } from "./body.ts";

/** Smaller bodies are decompressed here and now: handing them to a thread costs more than the work. */
const INLINE_BYTES = 32 * 1024;
/** Unless they turn out to be larger than this. */
const INLINE_MAX_BYTES = 512 * 1024;

/**
 * How many times its size a body may become. Spans with ids of their own become 15 to 20 times as large, with stack traces
 * that repeat up to 145 times, and histograms without a sample up to 180 times; zstd takes some four times less for those.
 */
export const MAX_RATIO = { gzip: 400, zstd: 1_000 } as const;
/** Whatever the ratio, a body may become as large as this. */
export const FREE_BYTES: number = 1024 * 1024;

const MAX_FRAMES = 64;
/** Decompressed at the same time: each holds what it has so far, and a window. */
const MOST_AT_ONCE = 2;
/** Least memory that is taken for what comes out, and what is taken beyond the size that the body states. */
const CHUNK_BYTES = 128 * 1024;

const gunzipAside = promisify(zlib.gunzip) as (body: Buffer, options: object) => Promise<Buffer>;
const unzstdAside = promisify(zlib.zstdDecompress) as (body: Buffer, options: object) => Promise<Buffer>;

/** Decompresses bodies. It stops at the limits, so a few kilobytes that would become gigabytes cost no more than that. */
export class Inflater {
  readonly #maxBytes: number;
  readonly #turns: Turns;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /**
   * @param maxBytes of a body that is decompressed
   * @param turns for small bodies, which are decompressed in this thread
   */
  constructor(maxBytes: number, turns: Turns) {
    this.#maxBytes = maxBytes;
    this.#turns = turns;
  }

  /** @throws HttpError 413 beyond a limit, 400 if the body is not what `compression` says */
  async inflate(body: Buffer, compression: Compression): Promise<Buffer> {
    if (compression === "none") return body;
    try {
      const limit = this.#limit(body, compression);
      const isSmall = compression === "gzip" && body.length <= INLINE_BYTES;
      return (
        (isSmall ? await this.#inline(body, limit) : undefined) ??
        (await this.#aside(() =>
          compression === "zstd"
            ? unzstd(body, limit)
            : // In one piece, if it is as large as it states. Pieces are put together, which takes as much memory again.
              gunzipAside(body, {
                maxOutputLength: limit,
                chunkSize: this.sizeOf(body, "gzip") + CHUNK_BYTES,
              }),
        ))
      );
    } catch (error) {
      throw this.#refusal(error, body, compression);
    }
  }

  /**
   * How large a body will be. What it states itself counts, as exporters state it; if that cannot be, the most that it may
   * become.
   */
  sizeOf(body: Buffer, compression: Compression): number {
    if (compression === "none") return body.length;
    const limit = this.#limit(body, compression);
    const stated = compression === "gzip" ? statedByGzip(body) : statedByZstd(body);
    return stated === undefined || stated > limit ? limit : stated;
  }

  /** In this thread; undefined if it turns out to be too large for that. */
  #inline(body: Buffer, limit: number): Promise<Buffer | undefined> {
    const maxOutputLength = Math.min(limit, INLINE_MAX_BYTES);
    return this.#turns.do(() => {
      try {
        return zlib.gunzipSync(body, { maxOutputLength });
      } catch (error) {
        if (isTooLong(error) && maxOutputLength < limit) return undefined;
        throw error;
      }
    });
  }

  /** In another thread, after those that came before. */
  async #aside(inflate: () => Promise<Buffer>): Promise<Buffer> {
    if (this.#running >= MOST_AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    try {
      return await inflate();
    } finally {
      // The next one takes its place.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }

  #limit(body: Buffer, compression: "gzip" | "zstd"): number {
    return Math.min(this.#maxBytes, FREE_BYTES + body.length * MAX_RATIO[compression]);
  }

  #refusal(error: unknown, body: Buffer, compression: "gzip" | "zstd"): Error {
    if (isTooLong(error)) {
      return this.#limit(body, compression) === this.#maxBytes
        ? tooLarge(this.#maxBytes, "decompressed")
        : tooDense(body, compression);
    }
    if (error instanceof SlipstreamError) return error;
    const reason = error instanceof Error ? error.message : String(error);
    return new HttpError(400, `bad_${compression}`, `The body is not ${compression}: ${reason}.`);
  }
}

async function unzstd(body: Buffer, limit: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let left = limit;
  // What comes of an empty body is no frame either.
  for (const frame of zstdFrames(body, MAX_FRAMES)) {
    // In small pieces: in one piece zstd would take a window of any size, which who reads the log does not.
    const part = await unzstdAside(frame, { ...zstdOptions(left + 1), chunkSize: CHUNK_BYTES });
    left -= part.length;
    if (left < 0) throw new TooLong();
    parts.push(part);
  }
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
}

/** The last four bytes, modulo 2^32: https://www.rfc-editor.org/rfc/rfc1952. Of several members, that of the last one. */
function statedByGzip(body: Buffer): number | undefined {
  return body.length < 18 ? undefined : body.readUInt32LE(body.length - 4);
}

function statedByZstd(body: Buffer): number | undefined {
  let sum = 0;
  try {
    for (const frame of zstdFrames(body, MAX_FRAMES)) {
      const size = statedSize(frame);
      if (size === undefined) return undefined;
      sum += size;
    }
  } catch {
    // It is no zstd, and is refused when it is read.
    return undefined;
  }
  return sum;
}

class TooLong extends Error {}

function isTooLong(error: unknown): boolean {
  if (error instanceof TooLong) return true;
  return error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
}

function tooDense(body: Buffer, compression: "gzip" | "zstd"): HttpError {
  return new HttpError(
    413,
    "too_large",
    `The body of ${body.length} bytes of ${compression} becomes more than ${MAX_RATIO[compression]} times as large; ` +
      "send it with less in it, or not compressed.",
  );
}
