import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder for the files of a program, removed when its process ends. */
export function processFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "slipstream-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
