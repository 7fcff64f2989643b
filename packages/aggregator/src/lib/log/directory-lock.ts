import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { SlipstreamError } from "@slipstream/conventions";
import { DatabaseSync } from "../sqlite.ts";
import { makePrivateFile } from "./make-private-file.ts";

/** Its lock is this process's right to the directory. */
export const LOCK_FILE = "aggregator.lock";

export interface DirectoryLock {
  release(): void;
}

/** What holds this process's locks: a connection that nothing refers to is collected, and its lock goes with it. */
const held: Set<DatabaseSync> = new Set();

/**
 * Takes a data directory for this process, and creates it if it is missing. The lock is SQLite's lock on an empty file, which the
 * kernel drops when its process ends, however it ends: no lock is ever stale, and no recycled pid is taken for the owner.
 * The pid is written beside it, for the message only.
 * @throws SlipstreamError `data_in_use`, `data_unusable`
 */
export function lockDirectory(directory: string): DirectoryLock {
  const pidFile = join(directory, "aggregator.pid");
  let database: DatabaseSync | undefined;
  try {
    // For its owner only: the log holds what services sent, which may be more than Slipstream reads of it.
    makeFolder(resolve(directory));
    makePrivateFile(join(directory, LOCK_FILE));
    database = new DatabaseSync(join(directory, LOCK_FILE), { timeout: 0 });
    database.exec("BEGIN EXCLUSIVE");
    writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
  } catch (error) {
    database?.close();
    throw isBusy(error) ? inUse(directory, pidFile) : unusable(directory, error);
  }
  const lock = database;
  held.add(lock);
  return {
    release() {
      if (!held.delete(lock)) return;
      rmSync(pidFile, { force: true });
      lock.close();
    },
  };
}

/** Whether an aggregator uses a data folder. Nothing is made or changed. */
export function isDirectoryInUse(directory: string): boolean {
  const file = join(directory, LOCK_FILE);
  if (!existsSync(file)) return false;
  try {
    const database = new DatabaseSync(file, { readOnly: true, timeout: 0 });
    try {
      database.prepare("SELECT count(*) FROM sqlite_schema").get();
    } finally {
      database.close();
    }
    return false;
  } catch (error) {
    return isBusy(error);
  }
}

/** One folder after the other: in a place that takes none, such as /proc, Node's recursive `mkdir` never returns. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Somebody else has just made it.
    if (!existsSync(path)) throw error;
  }
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY;
}

function inUse(directory: string, pidFile: string): SlipstreamError {
  let pid = "unknown";
  try {
    pid = readFileSync(pidFile, "utf8").trim() || pid;
  } catch {
    // The owner has not written it yet.
  }
  return new SlipstreamError(
    "data_in_use",
    `Another aggregator (pid ${pid}) uses the data folder ${directory}. Choose another folder with --data ` +
      "(SLIPSTREAM_DATA_DIR).",
    { field: "data" },
  );
}

function unusable(directory: string, cause: unknown): SlipstreamError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SlipstreamError(
    "data_unusable",
    `The data folder ${directory} cannot be used: ${reason}. Choose another with --data (SLIPSTREAM_DATA_DIR).`,
    { field: "data", cause },
  );
}
