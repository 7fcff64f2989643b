import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { SlipstreamError } from "@slipstream/conventions";
import { adoptSingleFile } from "./adopt.ts";
import { describeFault, explainLogError, isCorruption } from "./errors.ts";
import { completeSegment, type Examined, examine, type KnownSegment } from "./examine.ts";
import type { Survey } from "./frames/survey.ts";
import { openReader } from "./open-reader.ts";
import { readReached } from "./reached.ts";
import { continueFrom, finishSalvage, type Salvaged, salvageSegment } from "./salvage.ts";
import { listSegments, removeSegment, type SegmentFile } from "./segment-name.ts";

export interface OpenSegmentsOptions {
  readonly directory: string;
  readonly checkAfter: number;
  /** Position that was acknowledged, and must be there if a segment reached it. */
  readonly atLeast: number;
  readonly salvage: boolean;
}

export interface OpenedSegments {
  /** Oldest first. */
  readonly segments: KnownSegment[];
  /** What the newest holds, if it was not completed. */
  readonly open: Survey | undefined;
  readonly salvaged: readonly Salvaged[];
  /** The newest position that is known to have been acknowledged, whether it is there or not. */
  readonly acknowledged: number;
}

/** The folder of the log's segments in its data directory. */
export function logFolder(directory: string): string {
  return join(directory, "log");
}

/**
 * What a data directory holds of the log: no position is missing between two segments or at the end, and those with records after
 * `checkAfter` are sound, or are made so where `salvage` says so.
 *
 * @throws SlipstreamError `log_corrupt`, `log_gap`, `log_version`, `log_unusable`, `log_ambiguous`
 */
export function openSegments(options: OpenSegmentsOptions): OpenedSegments {
  const { directory, checkAfter, atLeast, salvage } = options;
  const folder = logFolder(directory);
  makeFolder(folder);
  const acknowledged = Math.max(atLeast, readReached(folder));
  finishSalvage(folder);
  adoptSingleFile(directory, folder, salvage);
  const segments: KnownSegment[] = [];
  const salvaged: Salvaged[] = [];
  const files = listSegments(folder);
  let open: Survey | undefined;
  /** Position of the newest record that a segment has, or says is before it. */
  let reached = 0;
  for (const [index, file] of files.entries()) {
    const before = segments.at(-1);
    const after = files[index + 1];
    const through = after && previousOf(after);
    const examined = (): Examined =>
      examine(file, { checkAfter, acknowledged, through, thoroughly: salvage });
    let found: Examined;
    try {
      found = examined();
    } catch (error) {
      if (!salvage || !isCorruption(error)) throw error;
      const previous = before?.last ?? file.first - 1;
      salvaged.push(salvageSegment({ ...file, previous, through, acknowledged }, describeFault(error)));
      found = examined();
    }
    if (before !== undefined && found.previous !== undefined && found.previous !== before.last) {
      if (!salvage || found.previous < before.last) throw discontinuity(before, file, found.previous);
      continueFrom(file, before.last);
      salvaged.push(missing(before.last + 1, found.previous));
    }
    // Of a segment that is followed by another and has nothing, a crash came between its making and its first record.
    if (found.segment.last < file.first && after !== undefined) removeSegment(file.file);
    else segments.push(found.segment);
    if (after !== undefined || file.layout === "sqlite") completeSegment(found);
    open = found.open;
    reached = found.segment.last < file.first ? (found.previous ?? reached) : found.segment.last;
  }
  // A log that was emptied on purpose has no segment at all, and goes on after what was acknowledged. It lacks only what no
  // checkpoint covers.
  const had = files.length === 0 ? Math.max(atLeast, checkAfter) : reached;
  if (had < acknowledged) {
    if (!salvage) throw endMissing(folder, reached, acknowledged);
    salvaged.push(missing(had + 1, acknowledged));
  }
  return { segments, open, salvaged, acknowledged };
}

/** Where the segment before this one ended. */
function previousOf(segment: SegmentFile): number {
  const { first } = segment;
  try {
    const reader = openReader(segment);
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

/** The newest records of a log are missing. */
export function endMissing(folder: string, reached: number, acknowledged: number): SlipstreamError {
  return new SlipstreamError(
    "log_gap",
    `The log in ${folder} ends at position ${reached}, but it had reached ${acknowledged}: its newest records are missing. Put back ` +
      "what was there, or start once with --salvage to go on without.",
    { field: "data" },
  );
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

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw explainLogError(folder, error);
  }
}
