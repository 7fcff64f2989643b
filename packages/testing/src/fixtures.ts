import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Folder of the recorded blocks: `SLIPSTREAM_FIXTURES`, else ../shared/data/mev beside the repository.
 * `SLIPSTREAM_FIXTURES=none` says that there are none, also with `CI=true`.
 */
export const fixturesFolder: string =
  process.env.SLIPSTREAM_FIXTURES ?? join(import.meta.dirname, "../../../../shared/data/mev");

/** A Solana block of 557 transactions, as `getBlock` answers it. */
export const realBlockName = "slot_285000037.json";

/** The text of a recorded file; undefined if it is not there. */
export function readFixture(name: string, folder: string = fixturesFolder): string | undefined {
  const file = join(folder, name);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/**
 * The path of a recorded file, for a test that needs it.
 *
 * @returns undefined, with a printed reason, if it is not there: the test is skipped.
 * @throws Error in that case if `CI` is true, unless `SLIPSTREAM_FIXTURES` is "none".
 */
export function fixturePath(name: string): string | undefined {
  const file = join(fixturesFolder, name);
  if (existsSync(file)) return file;
  const reason = `${file} is not there; SLIPSTREAM_FIXTURES=FOLDER names another folder`;
  if (process.env.CI === "true" && process.env.SLIPSTREAM_FIXTURES !== "none")
    throw new Error(`A test needs recorded data: ${reason}`);
  console.log(`skipped: ${reason}`);
  return undefined;
}

/** As `fixturePath`, with the file's text. */
export function fixtureText(name: string): string | undefined {
  const file = fixturePath(name);
  return file === undefined ? undefined : readFileSync(file, "utf8");
}
