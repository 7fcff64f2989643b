import { BucketCounts } from "./bucket-counts.ts";
import type { Mergeable } from "./mergeable.ts";
import { nearestRank } from "./nearest-rank.ts";
import type { Savable, Saved } from "./saved.ts";
import { BUCKETS, bucketOf, lowerBound, MANTISSA_BITS, middle } from "./sketch-buckets.ts";
import { parseSketchJson, type SketchJson } from "./sketch-json.ts";
import { VarintReader, VarintWriter } from "./varints.ts";

// One for all sketches: what is saved is copied out of it.
const saving = new VarintWriter();

/** A quantile by nearest rank. Its exact value lies in [low, high]. */
export interface QuantileEstimate {
  /** Within `SKETCH_RELATIVE_ERROR` of the exact value. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Number of values it was taken from. */
  readonly count: number;
  /** There are fewer than 1 / (1 - q) values, so that the quantile is the largest of them. */
  readonly fewSamples: boolean;
}

/**
 * The distribution of values >= 0, small enough to keep one per operation and pane, exact in its counts, smallest and
 * largest value, and within `SKETCH_RELATIVE_ERROR` at every quantile. Merging adds counts, so it is associative
 * and commutative. Memory: see `BucketCounts`; the unit is the caller's.
 */
export class QuantileSketch implements Mergeable<QuantileSketch>, Savable {
  readonly #counts: BucketCounts = new BucketCounts();
  // count, smallest, largest: in a typed array because numbers in object fields may be boxed anew at each change.
  readonly #totals: Float64Array = emptyTotals();

  /**
   * Counts `value`, `count` times. Returns false and counts nothing where `value` is NaN, infinite or negative, or
   * `count` is not a positive integer.
   */
  record(value: number, count = 1): boolean {
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) return false;
    if (count !== 1 && !(Number.isSafeInteger(count) && count > 0)) return false;
    const totals = this.#totals;
    totals[0] = (totals[0] as number) + count;
    if (value < (totals[1] as number)) totals[1] = value + 0;
    if (value > (totals[2] as number)) totals[2] = value + 0;
    this.#counts.add(bucketOf(value), count);
    return true;
  }

  merge(other: QuantileSketch): void {
    const totals = this.#totals;
    const [count = 0, min = Number.POSITIVE_INFINITY, max = Number.NEGATIVE_INFINITY] = other.#totals;
    totals[0] = this.count + count;
    totals[1] = Math.min(totals[1] as number, min);
    totals[2] = Math.max(totals[2] as number, max);
    this.#counts.addAll(other.#counts);
  }

  /** Number of values counted; exact up to 2^53. */
  get count(): number {
    return this.#totals[0] as number;
  }

  /** The smallest value, exactly; undefined where empty. */
  get min(): number | undefined {
    return this.count === 0 ? undefined : this.#totals[1];
  }

  /** The largest value, exactly; undefined where empty. */
  get max(): number | undefined {
    return this.count === 0 ? undefined : this.#totals[2];
  }

  /**
   * The `q`-quantile by nearest rank, ceil(q n); undefined where empty. The smallest and the largest rank are exact.
   *
   * @throws RangeError where `q` is not in [0, 1].
   */
  quantile(q: number): QuantileEstimate | undefined {
    const { count, min, max } = this;
    const rank = nearestRank(q, count);
    if (min === undefined || max === undefined) return undefined;
    // ceil(q n) = n just where q n > n - 1, that is n < 1 / (1 - q)
    if (rank === count) return { value: max, low: max, high: max, count, fewSamples: true };
    if (rank === 1) return { value: min, low: min, high: min, count, fewSamples: false };
    const bucket = this.#bucketOfRank(rank);
    return {
      value: clamp(middle(bucket), min, max),
      low: clamp(lowerBound(bucket), min, max),
      high: clamp(lowerBound(bucket + 1), min, max),
      count,
      fewSamples: false,
    };
  }

  /** Forgets every value and keeps the memory, so that recording on allocates nothing. */
  clear(): void {
    this.#counts.clear();
    this.#totals.set(emptyTotals());
  }

  clone(): QuantileSketch {
    const copy = new QuantileSketch();
    copy.merge(this);
    return copy;
  }

  /** Plain JSON, from which `fromJSON` makes an equal sketch. Equal contents give equal JSON. */
  toJSON(): SketchJson {
    const buckets: number[] = [];
    let before = 0;
    this.#counts.scan((bucket, count) => {
      buckets.push(bucket - before, count);
      before = bucket;
      return false;
    });
    const { min, max } = this;
    if (min === undefined || max === undefined) return { mantissaBits: MANTISSA_BITS, buckets };
    return { mantissaBits: MANTISSA_BITS, min, max, buckets };
  }

  /** @throws TypeError where `json` is not what `toJSON` writes; it says what is wrong. */
  static fromJSON(json: unknown): QuantileSketch {
    const { min, max, buckets } = parseSketchJson(json);
    const sketch = new QuantileSketch();
    let bucket = 0;
    for (let i = 0; i < buckets.length; i += 2) {
      const count = buckets[i + 1] as number;
      bucket += buckets[i] as number;
      sketch.#counts.add(bucket, count);
      sketch.#totals[0] = sketch.count + count;
    }
    if (min !== undefined && max !== undefined) sketch.#totals.set([min, max], 1);
    return sketch;
  }

  /** Compact bytes: count, smallest and largest value, then distance from the last bucket and count of each bucket. */
  save(): Uint8Array {
    const [count = 0, min = 0, max = 0] = this.#totals;
    saving.clear();
    saving.integer(count);
    saving.double(min);
    saving.double(max);
    let before = 0;
    this.#counts.scan((bucket, counted) => {
      saving.integer(bucket - before);
      saving.integer(counted);
      before = bucket;
      return false;
    });
    return saving.copy();
  }

  load(saved: Saved): void {
    const reader = new VarintReader(saved);
    const total = reader.integer();
    const min = reader.double();
    const max = reader.double();
    let bucket = 0;
    let sum = 0;
    while (!reader.atEnd) {
      bucket += reader.integer();
      const count = reader.integer();
      if (bucket >= BUCKETS)
        throw new TypeError("Not a saved quantile sketch: it has a bucket past the last");
      this.#counts.add(bucket, count);
      sum += count;
    }
    if (sum !== total) throw new TypeError("Not a saved quantile sketch: its buckets do not add up");
    this.#totals.set([total, min, max]);
  }

  #bucketOfRank(rank: number): number {
    let seen = 0;
    let found = 0;
    this.#counts.scan((bucket, count) => {
      seen += count;
      found = bucket;
      return seen >= rank;
    });
    return found;
  }
}

function emptyTotals(): Float64Array {
  return Float64Array.of(0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
