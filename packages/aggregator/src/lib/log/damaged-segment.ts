import type { SegmentFile } from "./segment-name.ts";

export interface DamagedSegment extends SegmentFile {
  /** Position of the newest record before it. */
  readonly previous: number;
  /** The position that it reached, undefined where nothing tells: for the newest one. */
  readonly through: number | undefined;
}

/** What could be read of a damaged segment. */
export interface Kept {
  readonly kept: number;
  /** The position that the segment reached; undefined where nothing tells. */
  readonly last: number | undefined;
}
