import { existsSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import type { DamagedSegment } from "./damaged-segment.ts";
import { continueFramesFrom, keepFrames } from "./frames/salvage-frames.ts";
import { companions, listNames, removeSegment, type SegmentFile } from "./segment-name.ts";
import { continueSqliteFrom, keepRows } from "./sqlite/salvage-sqlite.ts";
import { syncFolder } from "./sync-folder.ts";

/** What was done about a damaged part of the log. */
export interface Salvaged {
  /** What was wrong. */
  readonly reason: string;
  /** Where the damaged file lies now; undefined where a whole segment was missing. */
  readonly movedTo: string | undefined;
  /** Position with which the part begins, and the one it reached; undefined where that is not known. */
  readonly first: number;
  readonly last: number | undefined;
  /** Records that could be read, and that could not; undefined where nothing tells how many there were. */
  readonly kept: number;
  readonly lost: number | undefined;
}

/** A salvaged segment that does not have its name yet. */
const UNFINISHED = ".salvaged";

/**
 * Puts in place of a damaged segment a new one with the records of it that can be read. The damaged file is moved aside and
 * not changed.
 */
export function salvageSegment(segment: DamagedSegment, reason: string): Salvaged {
  const { file, first, layout, previous } = segment;
  const unfinished = file + UNFINISHED;
  removeSegment(unfinished);
  const { kept, last } =
    layout === "sqlite" ? keepRows(segment, unfinished) : keepFrames(segment, unfinished);
  const movedTo = freeName(`${file}.damaged`);
  for (const suffix of companions) if (existsSync(file + suffix)) renameSync(file + suffix, movedTo + suffix);
  renameSync(unfinished, file);
  syncFolder(dirname(file));
  // Positions that the segment before has as well are not lost.
  const lost = last === undefined ? undefined : Math.max(0, last - Math.max(first - 1, previous) - kept);
  return { reason, movedTo, first, last, kept, lost };
}

/** Lets a segment continue the one that is before it now. */
export function continueFrom({ file, layout }: SegmentFile, previous: number): void {
  if (layout === "sqlite") continueSqliteFrom(file, previous);
  else continueFramesFrom(file, previous);
}

/** After a crash between the moves of `salvageSegment`: its result is complete if the damaged file has been moved. */
export function finishSalvage(folder: string): void {
  for (const name of listNames(folder).filter((each) => each.endsWith(UNFINISHED))) {
    const unfinished = `${folder}/${name}`;
    const file = unfinished.slice(0, -UNFINISHED.length);
    if (existsSync(file)) removeSegment(unfinished);
    else renameSync(unfinished, file);
    syncFolder(folder);
  }
}

function freeName(wanted: string): string {
  let name = wanted;
  for (let n = 2; existsSync(name); n++) name = `${wanted}-${n}`;
  return name;
}
