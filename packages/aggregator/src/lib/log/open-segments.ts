import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { SlipstreamError } from "@slipstream/conventions";
import { adoptSingleFile } from "./adopt.ts";
import { describeFault, explainLogError, isCorruption } from "./errors.ts";
import { checkIntegrity, checkRecords } from "./integrity.ts";
import { continueFrom, finishSalvage, type Salvaged, salvageSegment } from "./salvage.ts";
import { openSegment } from "./segment-file.ts";
import { listSegments, removeSegment, type SegmentFile } from "./segment-name.ts";
import { SegmentReader } from "./segment-reader.ts";
import { sizeOnDisk } from "./segment-writer.ts";
import type { StoredSegment } from "./stored.ts";

/** A segment and where it lies. */
export interface KnownSegment extends StoredSegment {
  readonly file: string;
}

export interface OpenSegmentsOptions {
  readonly directory: string;
  readonly checkAfter: number;
  readonly salvage: boolean;
}

export interface OpenedSegments {
  /** Oldest first. */
  readonly segments: KnownSegment[];
  readonly salvaged: readonly Salvaged[];
}

/** The folder of the log's segments in its data directory. */
export function logFolder(directory: string): string {
  return join(directory, "log");
}

/**
 * What a data directory holds of the log: no position is missing between two segments, and those with records after
 * `checkAfter` are sound, or are made so where `salvage` says so.
 *
 * @throws SlipstreamError `log_corrupt`, `log_gap`, `log_version`, `log_unusable`, `log_ambiguous`
 */
export function openSegments({ directory, checkAfter, salvage }: OpenSegmentsOptions): OpenedSegments {
  const folder = logFolder(directory);
  makeFolder(folder);
  finishSalvage(folder);
  adoptSingleFile(directory, folder, salvage);
  const segments: KnownSegment[] = [];
  const salvaged: Salvaged[] = [];
  const files = listSegments(folder);
  for (const [index, file] of files.entries()) {
    const before = segments.at(-1);
    const after = files[index + 1];
    const examined = (): Examined => examine(file, checkAfter, salvage);
    let found: Examined;
    try {
      found = examined();
    } catch (error) {
      if (!salvage || !isCorruption(error)) throw error;
      const previous = before?.last ?? file.first - 1;
      salvaged.push(
        salvageSegment({
          ...file,
          previous,
          through: after && previousOf(after),
          reason: describeFault(error),
        }),
      );
      found = examined();
    }
    if (before !== undefined && found.previous !== undefined && found.previous !== before.last) {
      if (!salvage || found.previous < before.last) throw discontinuity(before, file, found.previous);
      continueFrom(file.file, before.last);
      salvaged.push(missing(before.last + 1, found.previous));
    }
    // Of a segment that is followed by another and has nothing, a crash came between its making and its first record.
    if (found.segment.last < file.first && after !== undefined) removeSegment(file.file);
    else segments.push(found.segment);
    if (after !== undefined) complete(file.file);
  }
  return { segments, salvaged };
}

interface Examined {
  readonly segment: KnownSegment;
  /** undefined: it has just been created and is still empty. */
  readonly previous: number | undefined;
}

function examine({ file, first }: SegmentFile, checkAfter: number, thoroughly: boolean): Examined {
  const reader = SegmentReader.open(file, first);
  try {
    const ends = reader?.ends();
    const last = Math.max(reader?.range.through ?? 0, ends?.last ?? first - 1);
    if (reader !== undefined && last > checkAfter) {
      checkIntegrity(reader, first, last);
      // Else each is checked as it is read.
      if (thoroughly) checkRecords(reader, first, last);
    }
    const segment = { file, first, last, fromMs: ends?.fromMs, toMs: ends?.toMs, bytes: sizeOnDisk(file) };
    return { segment, previous: reader?.range.previous };
  } finally {
    reader?.close();
  }
}

/** Where the segment before this one ended. */
function previousOf({ file, first }: SegmentFile): number {
  try {
    const reader = SegmentReader.open(file, first);
    const previous = reader?.range.previous;
    reader?.close();
    return previous ?? first - 1;
  } catch {
    return first - 1;
  }
}

function missing(first: number, last: number): Salvaged {
  const reason = `The log lacked positions ${first} to ${last}.`;
  return { reason, movedTo: undefined, first, last, kept: 0, lost: last - first + 1 };
}

function discontinuity(
  before: KnownSegment,
  { file, first }: SegmentFile,
  previous: number,
): SlipstreamError {
  return new SlipstreamError(
    "log_gap",
    previous > before.last
      ? `The log lacks positions ${before.last + 1} to ${previous}: ${file} does not continue ${before.file}. Put back what was ` +
          "between them, or start once with --salvage to go on without."
      : `The log has positions twice: ${file} begins at ${first}, ${before.file} ends at ${before.last}. Move one of them away.`,
    { field: "data" },
  );
}

/** Copies what a process that was killed has left in a write-ahead log into a segment that is not written to any more. */
function complete(file: string): void {
  if (!existsSync(`${file}-wal`)) return;
  try {
    const database = openSegment(file, { previous: 0, through: null, lost: 0 });
    try {
      database.exec("PRAGMA journal_mode = DELETE");
    } finally {
      database.close();
    }
  } catch {
    // Another program reads it, or the disk is full: it is as good as it is, and the next start tries again.
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw explainLogError(folder, error);
  }
}
