import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { SlipstreamError } from "@slipstream/conventions";
import { DatabaseSync } from "../sqlite.ts";
import { explainLogError, isCorruption } from "./errors.ts";
import { companions, listSegments, sqliteName } from "./segment-name.ts";
import { openSegmentToRead, upgrade } from "./sqlite/segment-file.ts";
import { syncFolder } from "./sync-folder.ts";

/** Where the log was until it had segments. */
export const SINGLE_FILE = "log.sqlite";

/**
 * Makes an earlier Slipstream's single file the first segment. It is made complete by itself before it is moved, so that a
 * crash at any moment leaves either the old file or the new one.
 *
 * @throws SlipstreamError `log_corrupt`, `log_unusable`, `log_ambiguous`
 */
export function adoptSingleFile(directory: string, folder: string, salvage: boolean): void {
  const file = join(directory, SINGLE_FILE);
  if (!existsSync(file)) return;
  if (listSegments(folder).length > 0) {
    throw new SlipstreamError(
      "log_ambiguous",
      `${directory} holds a log in one file (${SINGLE_FILE}) and one in segments (log/). Move the one that is not to be read away.`,
      { field: "data" },
    );
  }
  let first = 1;
  try {
    first = completeFile(file);
  } catch (error) {
    if (!salvage || !isCorruption(error)) throw explainLogError(file, error);
  }
  // The others are there only where it is to be salvaged.
  for (const suffix of companions) {
    if (existsSync(file + suffix)) renameSync(file + suffix, join(folder, sqliteName(first)) + suffix);
  }
  syncFolder(folder);
  syncFolder(directory);
}

/** @returns the position with which it begins */
function completeFile(file: string): number {
  // Whether it is a log of ours at all.
  openSegmentToRead(file)?.close();
  const database = new DatabaseSync(file, { timeout: 5_000 });
  try {
    database.exec("PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL");
    upgrade(database);
    return Number(database.prepare("SELECT min(position) AS first FROM records").get()?.first ?? 1);
  } finally {
    database.close();
  }
}
