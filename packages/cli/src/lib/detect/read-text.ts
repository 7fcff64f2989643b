import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { SlipstreamError } from "@slipstream/conventions";

/** The name that stands for standard input. */
export const standardInput = "-";

/**
 * A file's text, without the byte order mark that editors on Windows write at its beginning.
 * @throws SlipstreamError (`usage`) if the file cannot be read
 */
export async function readText(file: string): Promise<string> {
  if (file === standardInput) return text(process.stdin);
  try {
    return (await readFile(file, "utf8")).replace(/^\uFEFF/, "");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : error;
    const reasons: Record<string, string> = {
      ENOENT: "there is no such file",
      EISDIR: "this is a folder; name a file",
      EACCES: "this file may not be read",
      ERR_STRING_TOO_LONG: "this file is too large to be read at once (512 MiB); split it",
    };
    throw new SlipstreamError("usage", `${file}: ${reasons[String(code)] ?? String(code)}`);
  }
}
