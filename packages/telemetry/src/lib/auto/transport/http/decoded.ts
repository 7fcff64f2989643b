import { MOST_BODY } from "../exchange.ts";

type Options = { readonly maxOutputLength: number };
interface Inflater {
  readonly now: (bytes: Buffer, options: Options) => Buffer;
  readonly later: (
    bytes: Buffer,
    options: Options,
    done: (error: Error | null, inflated: Buffer) => void,
  ) => void;
}

/** To inflate so much takes well under a millisecond. Then an answer is known before the service sends what it makes of it. */
const MOST_AT_ONCE = 16_384;

/**
 * Gives the text of a body, or undefined if it cannot be read or is larger than `MOST_BODY`. A large one is inflated in another thread, and
 * given later.
 */
export function decoded(
  bytes: Buffer,
  coding: string | undefined,
  give: (text: string | undefined) => void,
): void {
  const name = coding?.trim().toLowerCase() ?? "";
  if (name === "" || name === "identity") {
    give(bytes.toString("utf8"));
    return;
  }
  const inflater = inflaterOf(name, bytes);
  const options = { maxOutputLength: MOST_BODY };
  if (inflater !== undefined && bytes.length > MOST_AT_ONCE) {
    inflater.later(bytes, options, (error, inflated) => give(error ? undefined : inflated.toString("utf8")));
    return;
  }
  let text: string | undefined;
  try {
    text = inflater?.now(bytes, options).toString("utf8");
  } catch {
    // It is no such coding, or too large.
  }
  give(text);
}

function inflaterOf(coding: string, bytes: Buffer): Inflater | undefined {
  const zlib = process.getBuiltinModule("node:zlib");
  switch (coding) {
    case "gzip":
    case "x-gzip":
      return { now: zlib.gunzipSync, later: zlib.gunzip };
    case "br":
      return { now: zlib.brotliDecompressSync, later: zlib.brotliDecompress };
    case "deflate":
      // Some servers leave out its header.
      return (bytes[0] ?? 0) % 16 === 8
        ? { now: zlib.inflateSync, later: zlib.inflate }
        : { now: zlib.inflateRawSync, later: zlib.inflateRaw };
    case "zstd":
      // Node 20 does not have it.
      return "zstdDecompressSync" in zlib
        ? { now: zlib.zstdDecompressSync, later: zlib.zstdDecompress }
        : undefined;
    default:
      return undefined;
  }
}
