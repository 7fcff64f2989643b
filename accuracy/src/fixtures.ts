import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const defaultFolder = join(import.meta.dirname, "../../../shared/data/mev");

/** Folder of the real data: `SLIPSTREAM_FIXTURES`, else beside the repository. */
export const fixturesFolder: string = process.env.SLIPSTREAM_FIXTURES ?? defaultFolder;

/** A file of real data; undefined where it is not there. */
export function fixture(folder: string, name: string): string | undefined {
  const file = join(folder, name);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
