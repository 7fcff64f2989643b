import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "../sqlite.ts";
import { LAYOUT } from "./frames/file-header.ts";
import { makePrivateFile } from "./make-private-file.ts";
import { MARKER, removeSegment } from "./segment-name.ts";
import { APPLICATION_ID } from "./sqlite/segment-file.ts";
import { syncFolder } from "./sync-folder.ts";

/**
 * Keeps earlier versions from a log that has segments of this layout. They do not see such segments: they would go on where the last of
 * theirs ends, without what came since, and give its positions again. But they open each SQLite segment, and refuse the log if one
 * is of a newer layout. So there is one, without a record.
 */
export function refuseToOlderVersions(folder: string): void {
  const file = join(folder, MARKER);
  if (existsSync(file)) return;
  const unfinished = `${file}.unfinished`;
  removeSegment(unfinished);
  makePrivateFile(unfinished);
  const database = new DatabaseSync(unfinished);
  try {
    database.exec(`
      PRAGMA page_size = 512;
      PRAGMA journal_mode = DELETE;
      PRAGMA synchronous = FULL;
      BEGIN;
      CREATE TABLE "the log is in files that end in .segment" (none);
      PRAGMA application_id = ${APPLICATION_ID};
      PRAGMA user_version = ${LAYOUT};
      COMMIT;`);
  } finally {
    database.close();
  }
  renameSync(unfinished, file);
  syncFolder(folder);
}
