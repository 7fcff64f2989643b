import { closeSync, openSync } from "node:fs";
import { devNull } from "node:os";

const OUT_OF_FILES: ReadonlySet<unknown> = new Set(["EMFILE", "ENFILE"]);

/**
 * Why no further file can be opened; undefined if one can. The server does not say so: libuv closes a connection at once if there is no file
 * for it.
 */
export function outOfFiles(): string | undefined {
  try {
    closeSync(openSync(devNull, "r"));
  } catch (error) {
    if (error instanceof Error && "code" in error && OUT_OF_FILES.has(error.code)) return error.message;
  }
  return undefined;
}
