import { disk } from "./disk.ts";
import { damaged } from "./errors.ts";
import { FrameReader } from "./frames/frame-reader.ts";
import { complete } from "./frames/frame-writer.ts";
import { lastOf, type Survey } from "./frames/survey.ts";
import type { SegmentFile } from "./segment-name.ts";
import { checkIntegrity, checkRecords } from "./sqlite/integrity.ts";
import { completeSqlite, sizeOnDisk } from "./sqlite/segment-file.ts";
import { SqliteReader } from "./sqlite/sqlite-reader.ts";
import type { StoredSegment } from "./stored.ts";

/** A segment and where it lies. */
export interface KnownSegment extends StoredSegment, SegmentFile {}

export interface Examined {
  readonly segment: KnownSegment;
  /** undefined: it has just been created and is still empty. */
  readonly previous: number | undefined;
  /** What it holds, if it has no end yet: as the one that is written to, or one that could not be written to any more. */
  readonly open?: Survey | undefined;
}

export interface ExamineOptions {
  /** Segments with records after this position are checked. */
  readonly checkAfter: number;
  /** Position that was acknowledged. */
  readonly acknowledged: number;
  /** Where the next segment says that this one ends; undefined for the newest. */
  readonly through: number | undefined;
  /** Check also what is checked whenever it is read. */
  readonly thoroughly: boolean;
}

/** @throws SlipstreamError `log_corrupt`, `log_version`, `log_unusable` */
export function examine(file: SegmentFile, options: ExamineOptions): Examined {
  return file.layout === "sqlite" ? examineSqlite(file, options) : examineFrames(file, options);
}

function examineSqlite(file: SegmentFile, { checkAfter, thoroughly }: ExamineOptions): Examined {
  const { first } = file;
  const reader = SqliteReader.open(file);
  try {
    const ends = reader?.ends();
    const last = Math.max(reader?.range.through ?? 0, ends?.last ?? first - 1);
    if (reader !== undefined && last > checkAfter) {
      checkIntegrity(reader, first, last);
      // Else each is checked as it is read.
      if (thoroughly) checkRecords(reader, first, last);
    }
    const segment = { ...file, last, fromMs: ends?.fromMs, toMs: ends?.toMs, bytes: sizeOnDisk(file.file) };
    return { segment, previous: reader?.range.previous };
  } finally {
    reader?.close();
  }
}

function examineFrames(file: SegmentFile, options: ExamineOptions): Examined {
  const reader = FrameReader.open(file);
  if (reader === undefined) return { segment: { ...file, ...nothing(file) }, previous: undefined };
  try {
    const { bytes } = reader;
    const { previous, through: salvaged, lost, closedAt } = reader.range;
    const end = reader.end();
    const acknowledged = Math.min(options.acknowledged, options.through ?? Number.POSITIVE_INFINITY);
    const reached = Math.max(salvaged ?? 0, end?.last ?? 0);
    const known =
      end !== undefined && reached <= options.checkAfter ? undefined : reader.survey(acknowledged);
    const { last: newest, fromMs, toMs, count } = known ?? end ?? nothing(file);
    const last = Math.max(salvaged ?? 0, newest);
    const isKnown = end !== undefined || closedAt !== null;
    const positions = positionsText(isKnown, file.first, Math.max(last, reached, closedAt ?? 0));
    if (known?.rest === "damaged")
      throw damaged(file.file, `what begins at byte ${known.endsAt} is not as it was written (${positions})`);
    const missing = last - file.first + 1 - lost - count;
    if (missing !== 0) throw damaged(file.file, `${missing} of its records are missing (${positions})`);
    const open = end === undefined ? known : undefined;
    const reaches = open === undefined ? last : lastOf(reader.range, open, options.through);
    return { segment: { ...file, last: reaches, fromMs, toMs, bytes }, previous, open };
  } finally {
    reader.close();
  }
}

function positionsText(isKnown: boolean, first: number, last: number): string {
  if (last < first) return "before that is no record";
  return `${isKnown ? "it holds" : "before that are"} positions ${first} to ${last}`;
}

function nothing({ first }: SegmentFile): StoredSegment & { readonly count: number } {
  return { first, last: first - 1, count: 0, fromMs: undefined, toMs: undefined, bytes: 0 };
}

/** Completes a segment that is not written to any more, as far as that is possible: it can be read as it is, too. */
export function completeSegment({ segment, open }: Examined): void {
  try {
    if (segment.layout === "sqlite") completeSqlite(segment.file);
    else if (open !== undefined) complete(segment.file, open, segment.last, disk);
  } catch {
    // Another program reads it, or the disk is full: the next start tries again.
  }
}
