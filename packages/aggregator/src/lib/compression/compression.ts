import { constants } from "node:buffer";
// Not by name: a Node without zstd must get as far as the line that says which Node is needed.
import zlib from "node:zlib";
import { zstdFrames, zstdOptions } from "./zstd.ts";

/** How a body is compressed. */
export type Compression = "none" | "gzip" | "zstd";

/** Decompresses a body that was accepted before. @throws Error if it is not what it should be */
export function inflateAll(body: Uint8Array, compression: Compression): Uint8Array {
  if (compression === "none") return body;
  if (compression === "gzip") return zlib.gunzipSync(body);
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const frames = [...zstdFrames(bytes, Number.POSITIVE_INFINITY)];
  return Buffer.concat(
    frames.map((frame) => zlib.zstdDecompressSync(frame, zstdOptions(constants.MAX_LENGTH))),
  );
}
