import { existsSync, statSync } from "node:fs";
import { describeFault } from "../log/errors.ts";
import { type Examined, examine } from "../log/examine.ts";
import { openReader } from "../log/open-reader.ts";
import { logFolder } from "../log/open-segments.ts";
import { readReached } from "../log/reached.ts";
import { listSegments, type SegmentFile } from "../log/segment-name.ts";

/** What was seen of a log's files. */
export interface LogInspection {
  readonly segments: number;
  readonly bytes: number;
  /** Of them so many were looked at, the newest first. */
  readonly seenSegments: number;
  readonly seenBytes: number;
  /** Positions of the oldest and newest record that were seen; undefined if there is none. */
  readonly positions: readonly [first: number, last: number] | undefined;
  /** What is damaged or missing, of each segment the first that was found. */
  readonly problems: readonly string[];
}

/**
 * Reads a log's files, the newest first, until `untilMs` of performance.now(), and compares every record with its checksum. Nothing is
 * written, made or locked: an aggregator may be writing meanwhile.
 *
 * @param covered position that a checkpoint covers; 0 if there is none
 */
export function inspectLog(dataDir: string, covered: number, untilMs: number): LogInspection {
  // Before the segments are listed.
  const reached = Math.max(covered, readReached(logFolder(dataDir)));
  const files = listSegments(logFolder(dataDir));
  const problems: string[] = [];
  let [seenSegments, seenBytes] = [0, 0];
  let positions: LogInspection["positions"];
  /** Where the segment after this one says that it ends. */
  let through: number | undefined;
  for (const [index, file] of [...files.entries()].reverse()) {
    if (performance.now() >= untilMs) break;
    const isNewest = index === files.length - 1;
    seenBytes += bytesOf(file);
    seenSegments += 1;
    const found = examined(file, { reached: isNewest ? reached : 0, through });
    if (found === "deleted") continue;
    if (typeof found === "string") {
      problems.push(found);
      through = previousOf(file);
      continue;
    }
    const { first, last } = found.segment;
    if (through !== undefined && last >= first && last < through)
      problems.push(`positions ${last + 1} to ${through} are missing, after ${file.file}`);
    const ends = Math.max(last, first - 1);
    if (isNewest && ends < reached)
      problems.push(`it ends at position ${ends} and had reached ${reached}: its newest records are missing`);
    if (last >= first) positions = [first, positions?.[1] ?? last];
    through = found.previous ?? previousOf(file);
  }
  const bytes = files.reduce((sum, file) => sum + bytesOf(file), 0);
  return { segments: files.length, bytes, seenSegments, seenBytes, positions, problems };
}

function examined(
  file: SegmentFile,
  { reached, through }: { readonly reached: number; readonly through: number | undefined },
): Examined | string {
  try {
    return examine(file, { checkAfter: 0, acknowledged: reached, through, thoroughly: true });
  } catch (error) {
    // An aggregator has deleted it meanwhile, because it is too old.
    return existsSync(file.file) ? describeFault(error) : "deleted";
  }
}

function previousOf(file: SegmentFile): number | undefined {
  try {
    const reader = openReader(file);
    const previous = reader?.range.previous;
    reader?.close();
    return previous;
  } catch {
    return undefined;
  }
}

function bytesOf({ file }: SegmentFile): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
