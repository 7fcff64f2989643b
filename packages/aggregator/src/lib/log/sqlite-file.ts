import { DatabaseSync } from "node:sqlite";
import { SlipstreamError } from "../errors.ts";

/** Layout of the file, in `user_version`. A higher one was written by a newer Slipstream. */
export const LAYOUT_VERSION = 1;

/** "Slip": tells the log from any other SQLite file. */
const APPLICATION_ID = 0x53_6c_69_70;

const SCHEMA = `
  CREATE TABLE records (
    position INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    received_ms REAL NOT NULL,
    format TEXT,
    compression TEXT,
    body BLOB
  );
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${LAYOUT_VERSION};
`;

/**
 * Opens the log's file, or makes it.
 * @throws SlipstreamError `log_corrupt`, `log_version`, `log_unusable`
 */
export function openLogFile(file: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 100 });
    prepare(database, file);
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof SlipstreamError) throw error;
    throw explainLogError(file, error);
  }
}

/** Bodies are large: with pages of 16 KiB they take fewer overflow pages to read and write. */
const PAGE_BYTES = 16_384;

function prepare(database: DatabaseSync, file: string): void {
  const pragma = (name: string): unknown => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
  const empty = pragma("schema_version") === 0;
  if (empty) database.exec(`PRAGMA page_size = ${PAGE_BYTES}`);
  else if (pragma("application_id") !== APPLICATION_ID) {
    throw new SlipstreamError(
      "log_corrupt",
      `${file} is not a Slipstream log. Move it away, or choose another directory with --data.`,
      { field: "data" },
    );
  }
  const version = Number(pragma("user_version"));
  if (version > LAYOUT_VERSION) {
    throw new SlipstreamError(
      "log_version",
      `${file} has layout ${version}, this Slipstream knows ${LAYOUT_VERSION}: a newer one wrote it. Update Slipstream, or ` +
        "choose another directory with --data.",
      { field: "data" },
    );
  }
  // FULL: a commit is on the disk before it is acknowledged (in WAL mode, NORMAL would leave it to the next checkpoint).
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  if (empty) database.exec(`BEGIN IMMEDIATE; ${SCHEMA} COMMIT`);
  // Reads both ends of the file. All of it is checked as it is replayed.
  else database.exec("SELECT min(position) FROM records; SELECT max(position) FROM records");
}

const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/** What SQLite reported, as an error that says what to do. */
export function explainLogError(file: string, error: unknown): SlipstreamError {
  const reason = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : 0;
  if (code === SQLITE_CORRUPT || code === SQLITE_NOTADB) return corrupt(file, reason, error);
  return new SlipstreamError("log_unusable", `The log ${file} cannot be read: ${reason}.`, {
    field: "data",
    cause: error,
  });
}

function corrupt(file: string, reason: string, cause?: unknown): SlipstreamError {
  return new SlipstreamError(
    "log_corrupt",
    `The log ${file} is damaged (${reason}). Move it away to start afresh, or restore it from a copy.`,
    { field: "data", cause },
  );
}
