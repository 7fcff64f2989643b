import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { SlipstreamError } from "../errors.ts";
import { adoptSingleFile } from "./adopt.ts";
import { explainLogError } from "./errors.ts";
import { checkIntegrity } from "./integrity.ts";
import type { Segment } from "./log.ts";
import { listSegments } from "./segment-name.ts";
import { SegmentReader } from "./segment-reader.ts";
import { sizeOnDisk } from "./segment-writer.ts";

/** A segment and where it lies. */
export interface KnownSegment extends Segment {
  readonly file: string;
}

/** The log's segments in its data directory. */
export function logFolder(directory: string): string {
  return join(directory, "log");
}

/**
 * What a data directory holds of the log, oldest first, and checked: no position is missing between two segments, and those
 * with records after `checkAfter` are sound.
 *
 * @throws SlipstreamError `log_corrupt`, `log_gap`, `log_version`, `log_unusable`, `log_ambiguous`
 */
export function openSegments(directory: string, checkAfter: number): KnownSegment[] {
  const folder = logFolder(directory);
  makeFolder(folder);
  adoptSingleFile(directory, folder);
  const known: KnownSegment[] = [];
  const files = listSegments(folder);
  for (const [index, { file, first }] of files.entries()) {
    const newest = index === files.length - 1;
    const reader = SegmentReader.open(file, first);
    const ends = reader?.ends();
    const through = reader?.range.through ?? ends?.last ?? first - 1;
    try {
      const before = known.at(-1);
      if (reader !== undefined && before !== undefined)
        checkContinues(before, { file, first }, reader.range.previous);
      if (reader !== undefined && through > checkAfter) checkIntegrity(reader, first, through);
    } finally {
      reader?.close();
    }
    // A crash came between its making and its first record. The newest is written to, if it is the next one.
    if (ends === undefined && !newest && through < first) removeSegment(file);
    else {
      known.push({
        file,
        first,
        last: through,
        fromMs: ends?.fromMs,
        toMs: ends?.toMs,
        bytes: sizeOnDisk(file),
      });
    }
  }
  return known;
}

export function removeSegment(file: string): void {
  for (const suffix of ["-wal", "-shm", "-journal", ""]) rmSync(file + suffix, { force: true });
}

function checkContinues(
  before: KnownSegment,
  { file, first }: { readonly file: string; readonly first: number },
  previous: number,
): void {
  if (previous === before.last && first > previous) return;
  throw new SlipstreamError(
    "log_gap",
    previous > before.last
      ? `The log lacks positions ${before.last + 1} to ${previous}: ${file} does not continue ${before.file}. Put back what was ` +
          "between them, or start once with --salvage to go on without."
      : `The log has positions twice: ${file} begins after ${previous}, ${before.file} ends at ${before.last}. Move one of them away.`,
    { field: "data" },
  );
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw explainLogError(folder, error);
  }
}
