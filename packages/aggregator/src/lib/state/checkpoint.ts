import type { EngineState, SeenKeys } from "@slipstream/engine";

/** Where the engine stood once it had applied every record up to `position` of the log. */
export interface Checkpoint {
  readonly position: number;
  readonly state: EngineState;
  /** To be written: the keys seen since the checkpoint before. Loaded: every key that is still remembered. */
  readonly seen: readonly SeenKeys[];
}

/** How many of the newest checkpoints are kept, whatever the log holds: should one be damaged, the other serves. */
const NEWEST = 2;

/**
 * The checkpoints to keep: the newest, and for each segment of the log the first that lies in it (or just before it), so that
 * when older segments are gone there is one to begin a replay with.
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
 * The checkpoint that a replay of what the log still holds begins with: 0 where the log is whole, undefined where what came
 * before its first record is in no checkpoint.
 *
 * @param droppedThrough position of the newest record that the log no longer holds
 */
export function replayBase(positions: readonly number[], droppedThrough: number): number | undefined {
  if (droppedThrough === 0) return 0;
  const usable = positions.filter((position) => position >= droppedThrough);
  return usable.length === 0 ? undefined : Math.min(...usable);
}
