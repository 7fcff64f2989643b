import type { SegmentFile } from "./segment-name.ts";

export interface DamagedSegment extends SegmentFile {
  /** Position of the newest record before it. */
  readonly previous: number;
  /** The position that it reached, undefined where nothing tells: for the newest one. */
  readonly through: number | undefined;
  /** A position that was acknowledged, and may be beyond what can be read of the newest segment. */
  readonly acknowledged: number;
}

/**
 * The position that a damaged segment reached; undefined if nothing tells.
 * @param newest the newest position of which anything can be read
 */
export function reachedBy(segment: DamagedSegment, newest: number | undefined): number | undefined {
  const { first, through, acknowledged } = segment;
  const reached = through ?? Math.max(newest ?? 0, acknowledged);
  return reached >= first ? reached : undefined;
}

/** What could be read of a damaged segment. */
export interface Kept {
  readonly kept: number;
  /** The position that the segment reached; undefined where nothing tells. */
  readonly last: number | undefined;
}
