import type { EngineState, MissingParts, SeenKeys } from "@slipstream/engine/storage";
import { comparePositions, isAfter, type Position } from "../log/position.ts";

/** Where the engine stood once it had applied every record up to `position` of the log. */
export interface Checkpoint {
  readonly position: Position;
  readonly state: EngineState;
  /** To be written: the keys seen since the checkpoint before. Loaded: every key that is still remembered. */
  readonly seen: readonly SeenKeys[];
}

/** Names a checkpoint of a data folder. */
export interface CheckpointId {
  /**
   * A number for the versions of its parts: versions of Slipstream that save the same share their
   * checkpoints.
   */
  readonly format: number;
  readonly position: Position;
}

/** Stands for the format that this version writes, whichever number it has. */
export const OWN = -1;

/** A checkpoint that is there, unread. */
export interface KnownCheckpoint extends CheckpointId {
  readonly missing: MissingParts;
  /** The newest time since when one of the parts counts, Unix ms; null: not known. */
  readonly sinceMs: number | null;
}

/** The positions that a log still holds the records after, in whole. */
export interface LogRange {
  readonly droppedThrough: Position;
  readonly position: Position;
}

/**
 * How many of the newest checkpoints are kept, whatever the log holds: if one is damaged, the other serves.
 */
const NEWEST = 2;

/**
 * The checkpoints of this format to keep: the newest, and for each segment of the log the first that lies in
 * it (or just before it), so that when older segments are gone there is one to begin a replay with.
 *
 * @param positions of the checkpoints there are
 * @param segments of the log; the records of each come after its position `after`
 */
export function checkpointsToKeep(
  positions: readonly Position[],
  segments: readonly { readonly after: Position }[],
): readonly Position[] {
  const ascending = [...positions].sort(comparePositions);
  const kept = new Set(ascending.slice(-NEWEST));
  for (const { after } of segments) {
    const position = ascending.find((candidate) => !isAfter(after, candidate));
    if (position !== undefined) kept.add(position);
  }
  return ascending.filter((position) => kept.has(position));
}

/**
 * The checkpoints that the log continues from, the best first: that which the fewest parts are missing from;
 * of equals one whose parts count as long as any other's; of equals the newest. An older one that has more is
 * better than a newer one, for the log holds everything that came after it.
 */
export function checkpointsToContinue<Known extends KnownCheckpoint>(
  known: readonly Known[],
  log: LogRange,
): readonly Known[] {
  const usable = known.filter(
    ({ position }) => !isAfter(log.droppedThrough, position) && !isAfter(position, log.position),
  );
  return byContent(usable, (a, b) => comparePositions(b.position, a.position));
}

/**
 * The checkpoints that a replay of what the log still holds may begin with, the best first: as above, but of
 * equals the oldest, for the replay is to cover as much of the log as it can.
 */
export function checkpointsToReplay<Known extends KnownCheckpoint>(
  known: readonly Known[],
  droppedThrough: Position,
): readonly Known[] {
  const usable = known.filter(({ position }) => !isAfter(droppedThrough, position));
  return byContent(usable, (a, b) => comparePositions(a.position, b.position));
}

function byContent<Known extends KnownCheckpoint>(
  usable: readonly Known[],
  ofEquals: (a: Known, b: Known) => number,
): readonly Known[] {
  const missing = ({ missing: { absent, unreadable } }: Known): number => absent + unreadable;
  const oldest = (like: Known): number =>
    usable.reduce(
      (min, one) => (missing(one) === missing(like) ? Math.min(min, one.sinceMs ?? min) : min),
      Number.POSITIVE_INFINITY,
    );
  // Parts that were lost on the way to it count for a shorter time than they do elsewhere.
  const hasLost = (one: Known): number => (one.sinceMs !== null && one.sinceMs > oldest(one) ? 1 : 0);
  return usable.toSorted((a, b) => missing(a) - missing(b) || hasLost(a) - hasLost(b) || ofEquals(a, b));
}
