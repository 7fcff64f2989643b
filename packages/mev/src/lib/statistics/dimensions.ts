import { appendTo } from "../sandwich/append-to.ts";
import type { MevRecord } from "./mev-record.ts";

/** Lower bounds of the size buckets, in USD. */
export const sizeBounds = [0, 100, 1000, 10_000, 100_000] as const;
/** Lower bounds of the slippage tolerance buckets, in basis points. */
export const toleranceBounds = [0, 50, 100, 200, 500] as const;

const unknown = "unknown";

/** The dimensions by which trades can be grouped. */
export const dimensions = {
  pair: ({ pair }: MevRecord): string => pair,
  size: ({ sizeUsd }: MevRecord): string => bucketOf(sizeUsd, sizeBounds),
  protection: ({ protection }: MevRecord): string => protection,
  leader: ({ leader }: MevRecord): string => leader ?? unknown,
  hour: ({ timeMs }: MevRecord): string => String(new Date(timeMs).getUTCHours()).padStart(2, "0"),
  tolerance: ({ toleranceBps }: MevRecord): string => bucketOf(toleranceBps, toleranceBounds),
} as const;

export type Dimension = keyof typeof dimensions;

/** For example "100-1000"; the last bucket is "100000+". */
export function bucketOf(value: number | null, bounds: readonly number[]): string {
  if (value === null) return unknown;
  let at = 0;
  while (at + 1 < bounds.length && value >= (bounds[at + 1] ?? Number.POSITIVE_INFINITY)) at++;
  return bucketNames(bounds)[at] ?? unknown;
}

// Made once: a new text each time is slow to look up.
const names = new Map<readonly number[], readonly string[]>();

function bucketNames(bounds: readonly number[]): readonly string[] {
  let own = names.get(bounds);
  if (own === undefined) {
    own = bounds.map((from, at) => (at + 1 < bounds.length ? `${from}-${bounds[at + 1]}` : `${from}+`));
    names.set(bounds, own);
  }
  return own;
}

export function groupBy<T>(items: Iterable<T>, key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) appendTo(groups, key(item), item);
  return groups;
}
