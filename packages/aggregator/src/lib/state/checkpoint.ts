import type { EngineState, MissingParts, SeenKeys } from "@slipstream/engine";

/** Where the engine stood once it had applied every record up to `position` of the log. */
export interface Checkpoint {
  readonly position: number;
  readonly state: EngineState;
  /** To be written: the keys seen since the checkpoint before. Loaded: every key that is still remembered. */
  readonly seen: readonly SeenKeys[];
}

/** Names a checkpoint of a data folder. */
export interface CheckpointId {
  /** A number for the versions of its parts: versions of Slipstream that save the same share their checkpoints. */
  readonly format: number;
  readonly position: number;
}

/** Stands for the format that this version writes, whichever number it has. */
export const OWN = -1;

/** A checkpoint that is there, unread. */
export interface KnownCheckpoint extends CheckpointId {
  readonly missing: MissingParts;
}

/** The positions that a log still holds the records after, in whole. */
export interface LogRange {
  readonly droppedThrough: number;
  readonly position: number;
}

/** How many of the newest checkpoints are kept, whatever the log holds: if one is damaged, the other serves. */
const NEWEST = 2;

/**
 * The checkpoints of this format to keep: the newest, and for each segment of the log the first that lies in it (or just
 * before it), so that when older segments are gone there is one to begin a replay with.
 *
 * @param positions of the checkpoints there are
 * @param segments of the log; `first` is the position of a segment's first record
 */
export function checkpointsToKeep(
  positions: readonly number[],
  segments: readonly { readonly first: number }[],
): readonly number[] {
  const ascending = [...positions].sort((a, b) => a - b);
  const kept = new Set(ascending.slice(-NEWEST));
  for (const { first } of segments) {
    const position = ascending.find((candidate) => candidate >= first - 1);
    if (position !== undefined) kept.add(position);
  }
  return ascending.filter((position) => kept.has(position));
}

/**
 * The checkpoints that the log continues from, the best first: that which the fewest parts are missing from, for the log
 * has all that came after it; of equals the newest, for it leaves the least to read.
 */
export function checkpointsToContinue<Known extends KnownCheckpoint>(
  known: readonly Known[],
  log: LogRange,
): readonly Known[] {
  return known
    .filter(({ position }) => position >= log.droppedThrough && position <= log.position)
    .sort((a, b) => missing(a) - missing(b) || b.position - a.position);
}

/**
 * The checkpoints that a replay of what the log still holds may begin with, the best first: as above, but of equals the
 * oldest, for the replay is to cover as much of the log as it can.
 */
export function checkpointsToReplay<Known extends KnownCheckpoint>(
  known: readonly Known[],
  droppedThrough: number,
): readonly Known[] {
  return known
    .filter(({ position }) => position >= droppedThrough)
    .sort((a, b) => missing(a) - missing(b) || a.position - b.position);
}

function missing({ missing: { absent, unreadable } }: KnownCheckpoint): number {
  return absent + unreadable;
}
