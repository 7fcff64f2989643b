import { existsSync, statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { DatabaseSync } from "../../sqlite.ts";
import {
  damaged,
  explainLogError,
  newerLayout,
  SQLITE_CANTOPEN,
  SQLITE_READONLY,
  sqliteCode,
} from "../errors.ts";
import { makePrivateFile } from "../make-private-file.ts";
import type { SegmentRange } from "../segment-reader.ts";

/** Layout of a segment, in `user_version`. A higher one marks a log that only newer versions read; 1 was a single file. */
export const LAYOUT_VERSION = 2;

/** "Slip": tells the log from any other SQLite file. */
export const APPLICATION_ID = 0x53_6c_69_70;

/**
 * Bodies are large: with larger pages they take fewer of them; with smaller ones a tick writes less, for it writes two. Of
 * 234 KB bodies, eight to a commit, 32 KiB took 14 % less processor time than 16 KiB, and 64 KiB another 6 %.
 */
const PAGE_BYTES = 32_768;

/** The write-ahead log is copied into the file at this size. Twice or a quarter of it made no difference. */
const WAL_BYTES = 16 * 1024 * 1024;

const SEGMENT_TABLE =
  "CREATE TABLE segment (previous INTEGER NOT NULL, through INTEGER, lost INTEGER NOT NULL);";

const SCHEMA = `
  CREATE TABLE records (
    position INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    received_ms REAL NOT NULL,
    format TEXT,
    compression TEXT,
    checksum INTEGER,
    body BLOB
  );
  ${SEGMENT_TABLE}
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${LAYOUT_VERSION};
`;

/**
 * Opens a segment for writing; makes it where it is missing or empty.
 * @param range for a new one
 * @throws SlipstreamError `log_corrupt`, `log_version`, `log_unusable`
 */
export function openSegment(file: string, range: SegmentRange): DatabaseSync {
  return opened(file, () => {
    makePrivateFile(file);
    const database = new DatabaseSync(file, { timeout: 100 });
    return prepared(database, () => {
      if (pragma(database, "schema_version") === 0) create(database, range);
      else {
        checkLayout(database, file);
        configure(database);
        upgrade(database);
      }
    });
  });
}

/**
 * Opens a segment for reading, which another process may be writing to; undefined where it has just been created and is
 * still empty.
 * @throws SlipstreamError `log_corrupt`, `log_version`, `log_unusable`
 */
export function openSegmentToRead(file: string): DatabaseSync | undefined {
  return opened(file, () => {
    const database = openReadOnly(file);
    let empty = false;
    prepared(database, () => {
      empty = pragma(database, "schema_version") === 0;
      if (!empty) checkLayout(database, file);
    });
    if (!empty) return database;
    database.close();
    return undefined;
  });
}

export function rangeOf(database: DatabaseSync, first: number): SegmentRange {
  const row =
    pragma(database, "user_version") === 1 ? undefined : database.prepare("SELECT * FROM segment").get();
  if (row === undefined) return { previous: first - 1, through: null, lost: 0 };
  return {
    previous: Number(row.previous),
    through: row.through === null ? null : Number(row.through),
    lost: Number(row.lost),
  };
}

/** Brings a file of layout 1 to this layout. Its records stay as they are; they have no checksum. */
export function upgrade(database: DatabaseSync): void {
  if (pragma(database, "user_version") !== 1) return;
  database.exec(`
    BEGIN IMMEDIATE;
    ALTER TABLE records ADD COLUMN checksum INTEGER;
    ${SEGMENT_TABLE}
    INSERT INTO segment SELECT coalesce(min(position), 1) - 1, NULL, 0 FROM records;
    PRAGMA user_version = ${LAYOUT_VERSION};
    COMMIT`);
}

export function pragma(database: DatabaseSync, name: string): unknown {
  return Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
}

/** Bytes of a segment with its write-ahead log. */
export function sizeOnDisk(file: string): number {
  const size = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return size(file) + size(`${file}-wal`);
}

/** Copies what a process that was killed has left in a write-ahead log into a segment. */
export function completeSqlite(file: string): void {
  if (!existsSync(`${file}-wal`)) return;
  const database = openSegment(file, { previous: 0, through: null, lost: 0 });
  try {
    database.exec("PRAGMA journal_mode = DELETE");
  } finally {
    database.close();
  }
}

function create(database: DatabaseSync, { previous, through, lost }: SegmentRange): void {
  database.exec(`PRAGMA page_size = ${PAGE_BYTES}`);
  configure(database);
  database.exec(
    `BEGIN IMMEDIATE; ${SCHEMA} INSERT INTO segment VALUES (${previous}, ${through ?? "NULL"}, ${lost}); COMMIT`,
  );
}

function configure(database: DatabaseSync): void {
  // FULL: a commit is on the disk before it is acknowledged (in WAL mode, NORMAL would leave it to the next checkpoint).
  // A rollback journal writes each body once and not twice: with eight 234 KB bodies to a commit it took 0.19 ms of the
  // processor for each, this 0.31; with one, 0.53 and 0.45. But it waits for the disk four times where this waits once, and
  // any program that reads the file would stop the intake meanwhile.
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  database.exec(
    `PRAGMA wal_autocheckpoint = ${Math.ceil(WAL_BYTES / Number(pragma(database, "page_size")))}`,
  );
}

/** @throws where there is no such file; what is wrong with it otherwise shows when it is read. */
export function openReadOnly(file: string): DatabaseSync {
  const options = { readOnly: true, timeout: 5_000 };
  const database = new DatabaseSync(file, options);
  try {
    pragma(database, "schema_version");
    return database;
  } catch (error) {
    if (sqliteCode(error) === SQLITE_READONLY && existsSync(`${file}-journal`)) {
      database.close();
      rollBack(file);
      return new DatabaseSync(file, options);
    }
    // In a folder that cannot be written to, only a file that has no write-ahead log can be read.
    if (sqliteCode(error) !== SQLITE_CANTOPEN || existsSync(`${file}-wal`)) return database;
    database.close();
    const url = pathToFileURL(file);
    url.searchParams.set("immutable", "1");
    return new DatabaseSync(url, options);
  }
}

/** Undoes what a process left unfinished that was killed while it made the file: a reader may not. */
function rollBack(file: string): void {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  try {
    pragma(database, "schema_version");
  } finally {
    database.close();
  }
}

function checkLayout(database: DatabaseSync, file: string): void {
  if (pragma(database, "application_id") !== APPLICATION_ID) {
    throw damaged(file, "it is not a Slipstream log");
  }
  const version = Number(pragma(database, "user_version"));
  if (version > LAYOUT_VERSION) {
    throw newerLayout(file, version, LAYOUT_VERSION);
  }
}

function opened<T>(file: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    throw explainLogError(file, error);
  }
}

function prepared(database: DatabaseSync, prepare: () => void): DatabaseSync {
  try {
    prepare();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
