import { chmodSync, type Dirent, lstatSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join, parse, resolve } from "node:path";
import { logFolder } from "./open-segments.ts";

const FOR_OTHERS = 0o077;
const STICKY = 0o1000;
/** Slipstream's own files in a data directory, which may hold others too. */
const OWN = /^(?:aggregator\.(?:lock|pid)|instance|(?:state|log)\.sqlite.*)$/;

/**
 * Takes a data directory and what Slipstream keeps in it from other users: 0700 and 0600. A directory that is for more than
 * Slipstream (`/tmp`, the home or the working directory) keeps its rights.
 *
 * @returns why others may still read some of it; undefined: they may not
 */
export function makePrivate(directory: string): string | undefined {
  const reasons: string[] = [];
  const log = logFolder(directory);
  const restrict = (path: string, mode: number): void => {
    try {
      const found = lstatSync(path, { throwIfNoEntry: false });
      if (found === undefined || found.isSymbolicLink() || (found.mode & FOR_OTHERS) === 0) return;
      if (found.isDirectory() && isForMore(path, found.mode))
        reasons.push(`${path} is for more than Slipstream`);
      else chmodSync(path, mode);
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  };
  const restrictFiles = (folder: string, isOwn: (name: string) => boolean): void => {
    for (const entry of namesIn(folder))
      if (entry.isFile() && isOwn(entry.name)) restrict(join(folder, entry.name), 0o600);
  };
  restrict(resolve(directory), 0o700);
  restrict(log, 0o700);
  restrictFiles(directory, (name) => OWN.test(name));
  restrictFiles(log, () => true);
  return reasons[0];
}

function namesIn(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function isForMore(path: string, mode: number): boolean {
  return (mode & STICKY) !== 0 || [parse(path).root, homedir(), process.cwd()].includes(path);
}
