import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { SlipstreamError } from "@slipstream/conventions";
import { SINGLE_FILE } from "./adopt.ts";
import type { LogRecord } from "./log.ts";
import { openReader } from "./open-reader.ts";
import { endMissing, logFolder } from "./open-segments.ts";
import { BEGINNING, numberOf, type Position, positionOf } from "./position.ts";
import { readReached } from "./reached.ts";
import { listSegments, type SegmentFile } from "./segment-name.ts";
import type { SegmentReader } from "./segment-reader.ts";
import { asLogRecords } from "./stored.ts";

/**
 * The records of a log after `after`, up to the newest at the time of the call, read in this thread. It needs no lock: an
 * aggregator may be writing meanwhile.
 *
 * @param directory a data directory, or the folder of segments in one
 * @throws SlipstreamError `log_missing`, `log_corrupt`, `log_gap`, `log_dropped`, `log_version`, `log_unusable`
 */
export function* readLog(directory: string, after: Position = BEGINNING): Iterable<LogRecord> {
  // Before the segments are listed: an aggregator may be writing meanwhile.
  const acknowledged = Math.max(readReached(logFolder(directory)), readReached(directory));
  const files = filesOf(directory);
  const last = newestOf(files);
  const newest = files.at(-1);
  if (newest !== undefined && last < acknowledged) throw endMissing(dirname(newest.file), last, acknowledged);
  let reached = numberOf(after);
  let before: { readonly file: string; readonly last: number } | undefined;
  for (const [index, segment] of files.entries()) {
    const { file, first } = segment;
    const following = files[index + 1];
    if ((following?.first ?? Number.POSITIVE_INFINITY) <= numberOf(after) + 1 || first > last) continue;
    const reader = open(segment);
    // Just made. If records are missing before the next segment, that one says so.
    if (reader === undefined) continue;
    try {
      const { previous } = reader.range;
      if (before !== undefined && previous !== before.last) throw gap(before, file, previous);
      const reaches = reader.last(following && previousOf(following));
      const end = following === undefined ? Math.min(reaches, last) : reaches;
      for (let page = reader.page(reached, end); page.length > 0; page = reader.page(reached, end)) {
        yield* asLogRecords(page);
        reached = page.at(-1)?.position ?? end;
      }
      before = { file, last: end };
    } finally {
      reader.close();
    }
  }
}

/**
 * The records of one kind that were received from `fromMs` on and before `toMs`, in order. A segment that is
 * dropped meanwhile is left out.
 *
 * @throws SlipstreamError `log_missing`, `log_corrupt`, `log_version`, `log_unusable`
 */
export function* readKind(
  directory: string,
  kind: string,
  fromMs: number,
  toMs: number,
): Iterable<LogRecord> {
  for (const segment of filesOf(directory)) {
    const reader = existsSync(segment.file) ? open(segment) : undefined;
    if (reader === undefined) continue;
    try {
      const ends = reader.ends();
      if (ends === undefined || ends.toMs < fromMs || ends.fromMs >= toMs) continue;
      for (const record of reader.ofKind(kind, fromMs, toMs)) yield* asLogRecords([record]);
    } finally {
      reader.close();
    }
  }
}

/** Every record that a log keeps comes after it; `BEGINNING` if nothing was dropped. @throws SlipstreamError `log_missing` */
export function droppedThrough(directory: string): Position {
  return positionOf((filesOf(directory)[0]?.first ?? 1) - 1);
}

function filesOf(directory: string): readonly SegmentFile[] {
  for (const folder of [logFolder(directory), directory]) {
    const files = listSegments(folder);
    if (files.length > 0) return files;
  }
  // As an earlier Slipstream wrote it.
  const single = join(directory, SINGLE_FILE);
  if (existsSync(single)) return [{ file: single, first: 1, layout: "sqlite" }];
  if (existsSync(logFolder(directory))) return [];
  throw new SlipstreamError(
    "log_missing",
    `There is no log in ${directory}. Name an aggregator's data folder (.slipstream, or .slipstream/demo for the demo's).`,
    { field: "data" },
  );
}

function newestOf(files: readonly SegmentFile[]): number {
  for (const segment of [...files].reverse()) {
    const reader = open(segment);
    try {
      const last = reader?.ends()?.last;
      if (last !== undefined) return last;
    } finally {
      reader?.close();
    }
  }
  return 0;
}

/** Where a segment says that the one before it ends; undefined if it does not say. */
function previousOf(segment: SegmentFile): number | undefined {
  const reader = open(segment);
  try {
    return reader?.range.previous;
  } finally {
    reader?.close();
  }
}

function open(segment: SegmentFile): SegmentReader | undefined {
  const { file } = segment;
  try {
    return openReader(segment);
  } catch (error) {
    if (existsSync(file)) throw error;
    throw new SlipstreamError("log_dropped", `${file} was dropped while it was to be read. Begin again.`, {
      cause: error,
    });
  }
}

function gap(
  before: { readonly file: string; readonly last: number },
  file: string,
  previous: number,
): SlipstreamError {
  return new SlipstreamError(
    "log_gap",
    `${file} continues from position ${previous}, but ${before.file} ends at ${before.last}: positions are missing between them.`,
    { field: "data" },
  );
}
