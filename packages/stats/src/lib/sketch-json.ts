import { BUCKETS, bucketOf, MANTISSA_BITS } from "./sketch-buckets.ts";

/**
 * A sketch as plain JSON. `buckets` holds pairs: distance from the previous bucket (from 0 at first), count.
 */
export interface SketchJson {
  readonly mantissaBits: number;
  /** Absent if the sketch is empty. */
  readonly min?: number;
  /** Absent if the sketch is empty. */
  readonly max?: number;
  readonly buckets: readonly number[];
}

/**
 * Checks that `json` is a sketch that `QuantileSketch.toJSON` could have written.
 *
 * @throws TypeError that names the first problem.
 */
export function parseSketchJson(json: unknown): SketchJson {
  if (typeof json !== "object" || json === null) throw wrong("is not an object");
  const { mantissaBits, min, max, buckets } = json as Partial<Record<keyof SketchJson, unknown>>;
  if (mantissaBits !== MANTISSA_BITS)
    throw wrong(`has mantissaBits ${String(mantissaBits)}, not ${MANTISSA_BITS}`);
  const { pairs, first, last } = parseBuckets(buckets);
  if (pairs.length === 0) {
    if (min !== undefined || max !== undefined) throw wrong("is empty but has a min or a max");
    return { mantissaBits, buckets: pairs };
  }
  if (!isRecordable(min) || bucketOf(min) !== first) throw wrong("has a min that is not in its first bucket");
  if (!isRecordable(max) || bucketOf(max) !== last || max < min) {
    throw wrong("has a max that is not in its last bucket or is below its min");
  }
  return { mantissaBits, min, max, buckets: pairs };
}

function parseBuckets(buckets: unknown): { pairs: number[]; first: number; last: number } {
  if (!Array.isArray(buckets) || buckets.length % 2 !== 0) throw wrong("does not have buckets in pairs");
  const pairs: number[] = [];
  let bucket = 0;
  let total = 0;
  for (let i = 0; i < buckets.length; i += 2) {
    const gap: unknown = buckets[i];
    const count: unknown = buckets[i + 1];
    if (!isInteger(gap) || gap < (i === 0 ? 0 : 1)) throw wrong(`has an invalid distance at buckets[${i}]`);
    if (!isInteger(count) || count < 1) throw wrong(`has an invalid count at buckets[${i + 1}]`);
    bucket += gap;
    total += count;
    if (bucket >= BUCKETS) throw wrong(`has a bucket out of range at buckets[${i}]`);
    if (total > Number.MAX_SAFE_INTEGER) throw wrong("has more values than can be counted exactly");
    pairs.push(gap, count);
  }
  return { pairs, first: pairs[0] ?? 0, last: bucket };
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isRecordable(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value < Number.POSITIVE_INFINITY;
}

function wrong(what: string): TypeError {
  return new TypeError(`Not a quantile sketch: it ${what}`);
}
