import { closeSync, openSync } from "node:fs";

/** Makes an empty file that only its owner may read, if there is none. SQLite's files beside it get the same rights. */
export function makePrivateFile(file: string): void {
  closeSync(openSync(file, "a", 0o600));
}
