import { SlipstreamError } from "@slipstream/conventions";
import { makePrivateFile } from "../log/make-private-file.ts";
import { DatabaseSync } from "../sqlite.ts";

/**
 * Layout of the file, in `user_version`. Raising it locks older versions of Slipstream out: see
 * docs/upgrade.md.
 */
const LAYOUT_VERSION = 1;

/** "Slis": marks the file as ours. */
const APPLICATION_ID = 0x53_6c_69_73;

/**
 * Opens the file of checkpoints, dashboards and history. `synchronous = NORMAL` is enough: if the machine
 * loses power, the whole file falls back to an earlier commit, and the log still has everything after it.
 *
 * @throws SlipstreamError `state_corrupt`, `state_version`, `state_unusable`
 */
export function openStateFile(file: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    if (file !== ":memory:") makePrivateFile(file);
    database = new DatabaseSync(file, { timeout: 100 });
    prepare(database, file);
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof SlipstreamError) throw error;
    throw explain(file, error);
  }
}

/** Opens or reads what is in the file. @throws SlipstreamError `state_corrupt` if it is damaged, `state_unusable` for whatever else is thrown meanwhile */
export function orUnusable<Opened>(file: string, opens: () => Opened): Opened {
  try {
    return opens();
  } catch (error) {
    if (error instanceof SlipstreamError) throw error;
    throw explain(file, error);
  }
}

/** Checkpoints are blobs of megabytes. */
const PAGE_BYTES = 16_384;

function prepare(database: DatabaseSync, file: string): void {
  const pragma = (name: string): unknown => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
  const empty = pragma("schema_version") === 0;
  if (empty) database.exec(`PRAGMA page_size = ${PAGE_BYTES}`);
  else if (pragma("application_id") !== APPLICATION_ID) throw corrupt(file, "Slipstream did not write it");
  const version = Number(pragma("user_version"));
  if (version > LAYOUT_VERSION) {
    throw new SlipstreamError(
      "state_version",
      `${file} has layout ${version}, this Slipstream knows ${LAYOUT_VERSION}: a newer one wrote it. Update Slipstream, or ` +
        "choose another folder with --data.",
      { field: "data" },
    );
  }
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA auto_vacuum = NONE");
  if (empty)
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${LAYOUT_VERSION}`);
  // Not the whole file is checked: months of history would take minutes. A checkpoint has a checksum of its
  // own.
}

const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

function explain(file: string, error: unknown): SlipstreamError {
  const reason = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : 0;
  if (code === SQLITE_CORRUPT || code === SQLITE_NOTADB) return corrupt(file, reason, error);
  return unusable(file, error);
}

function unusable(file: string, cause: unknown): SlipstreamError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SlipstreamError("state_unusable", `${file} cannot be used: ${reason}.`, {
    field: "data",
    cause,
  });
}

function corrupt(file: string, reason: string, cause?: unknown): SlipstreamError {
  return new SlipstreamError(
    "state_corrupt",
    `${file} is damaged (${reason}). Move it away and start again: the statistics are then computed from what the log still ` +
      "holds. Older dashboards and history are only in this file.",
    { field: "data", cause },
  );
}
