import { existsSync } from "node:fs";
import { join } from "node:path";

const folder =
  process.env.SLIPSTREAM_FIXTURES ?? join(import.meta.dirname, "../../../../../../shared/data/mev");

/** File of a real block of 557 transactions; undefined where it is not on this machine. */
export function realBlockFile(): string | undefined {
  const file = join(folder, "slot_285000037.json");
  if (existsSync(file)) return file;
  console.log(`skipped: ${file} is not there (SLIPSTREAM_FIXTURES=FOLDER names another place)`);
  return undefined;
}
