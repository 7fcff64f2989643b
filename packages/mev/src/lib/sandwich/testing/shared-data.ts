import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder =
  process.env.SLIPSTREAM_FIXTURES ?? join(import.meta.dirname, "../../../../../../../shared/data/mev");

/** A file of real data; undefined, with a line that says so, where it is not on this machine. */
export function sharedData(name: string): string | undefined {
  const file = join(folder, name);
  if (existsSync(file)) return readFileSync(file, "utf8");
  console.log(`skipped: ${file} is not there (SLIPSTREAM_FIXTURES=FOLDER names another place)`);
  return undefined;
}
