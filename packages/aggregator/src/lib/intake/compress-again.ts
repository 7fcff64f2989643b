import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import type { Compression } from "../compression/compression.ts";

const gzipped = promisify(gzip);

/**
 * A body that was changed after it was decompressed, as it is logged. Quickly: the level of most clients takes three times as long to
 * save a tenth.
 *
 * @param received how it came; one that came without compression stays without
 */
export async function compressAgain(
  body: Uint8Array,
  received: Compression,
): Promise<{ readonly body: Uint8Array; readonly compression: Compression }> {
  if (received === "none") return { body, compression: "none" };
  return { body: await gzipped(body, { level: constants.Z_BEST_SPEED }), compression: "gzip" };
}
