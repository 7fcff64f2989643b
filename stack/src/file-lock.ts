import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

export interface FileLock {
  release(): void;
}

/** A connection that nothing refers to is collected, and its lock goes with it. */
const held: Set<DatabaseSync> = new Set();

const SQLITE_BUSY = 5;

/**
 * Takes a lock on a file: SQLite's, which the system drops when the process ends, however it ends. So no lock is ever stale.
 *
 * @returns undefined if another process, or this one, has it
 */
export function tryLock(file: string): FileLock | undefined {
  mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (error instanceof Error && "errcode" in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY)
      return undefined;
    throw error;
  }
  held.add(database);
  return {
    release() {
      if (held.delete(database)) database.close();
    },
  };
}
