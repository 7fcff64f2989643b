import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder for its owner only, and those that lead to it. Node's own way never returns if one cannot be made in a folder that is there, as in
 * /proc.
 *
 * @throws Error that says which one cannot be made, and why
 */
export function makeFolder(folder: string): void {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  if (found !== undefined) throw new Error(`${folder} is a file, not a folder.`);
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    // Another process has just made it.
    if (code !== "EEXIST") throw new Error(`The folder ${folder} cannot be made (${code}).`);
  }
}
