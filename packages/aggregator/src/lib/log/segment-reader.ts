import type { StoredRecord } from "./stored.ts";

/** How a segment continues the one before it. */
export interface SegmentRange {
  /** Position of the newest record before this segment, in whichever segment that was. */
  readonly previous: number;
  /** Where records were lost at its end: the position that it reached. null: that of its newest record. */
  readonly through: number | null;
  /** Records lost from it. */
  readonly lost: number;
}

/** Position of the oldest and the newest record of a segment, and their times of receipt. */
export interface Ends {
  readonly first: number;
  readonly last: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Reads a segment, of whatever layout, page by page: between two pages nothing in it is held. */
export interface SegmentReader {
  readonly file: string;
  readonly range: SegmentRange;
  /**
   * The first records after `after` up to `last`, in order; none at the end.
   * @param last the segment must reach as far
   * @throws SlipstreamError `log_corrupt`
   */
  page(after: number, last: number): StoredRecord[];
  /** The records of a kind, of any layout, that were received from `fromMs` on and before `toMs`, in order. */
  ofKind(kind: string, fromMs: number, toMs: number): Iterable<StoredRecord>;
  /**
   * Position of its newest record.
   * @param following where the next segment says that this one ends
   */
  last(following?: number): number;
  /** undefined if it has no record. */
  ends(): Ends | undefined;
  close(): void;
}

/** Records of one page, and the bytes at which a page ends before that. */
export const PAGE_RECORDS = 1024;
export const PAGE_BYTES: number = 8 * 1024 * 1024;
