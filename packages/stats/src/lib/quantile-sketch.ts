import { BucketCounts } from "./bucket-counts.ts";
import type { Interval, NamedInterval } from "./interval.ts";
import type { Mergeable } from "./mergeable.ts";
import { nearestRank } from "./nearest-rank.ts";
import { quantileRanks, samplingInterval } from "./quantile-interval.ts";
import type { Savable, Saved } from "./saved.ts";
import { BUCKETS, bucketOf, lowerBound, MANTISSA_BITS, middle, upperBound } from "./sketch-buckets.ts";
import { parseSketchJson, type SketchJson } from "./sketch-json.ts";
import { VarintReader, VarintWriter } from "./varints.ts";

// Shared by all sketches: saved bytes are copied out of it.
const saving = new VarintWriter();

/** A quantile by nearest rank. */
export interface QuantileEstimate {
  /** Within `SKETCH_RELATIVE_ERROR` of the exact value. */
  readonly value: number;
  /** The exact value of those recorded lies in it. It says nothing of the values that are still to come. */
  readonly sketchError: Interval;
  /** Number of values behind the quantile. */
  readonly count: number;
  /** There are fewer than 1 / (1 - q) values, so the quantile is the largest of them. */
  readonly fewSamples: boolean;
}

/**
 * The distribution of values >= 0, small enough to keep one per operation and pane. Counts, smallest and
 * largest value are exact; every quantile is within `SKETCH_RELATIVE_ERROR`. Merging adds counts, so it is
 * associative and commutative. The caller chooses the unit. For memory see `BucketCounts`.
 */
export class QuantileSketch implements Mergeable<QuantileSketch>, Savable {
  readonly #counts: BucketCounts = new BucketCounts();
  // count, smallest, largest. A typed array, because numbers in object fields may be boxed again at each
  // change.
  readonly #totals: Float64Array = emptyTotals();

  /**
   * Counts `value`, `count` times; one below 1e-310 as 0. Returns false and counts nothing if `value` is NaN, infinite or negative,
   * or if `count` is not a positive integer.
   */
  record(value: number, count = 1): boolean {
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) return false;
    if (count !== 1 && !(Number.isSafeInteger(count) && count > 0)) return false;
    const totals = this.#totals;
    const bucket = bucketOf(value);
    const counted = bucket === 0 ? 0 : value;
    totals[0] = (totals[0] as number) + count;
    if (counted < (totals[1] as number)) totals[1] = counted;
    if (counted > (totals[2] as number)) totals[2] = counted;
    this.#counts.add(bucket, count);
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

  /** The exact smallest value; undefined if empty. */
  get min(): number | undefined {
    return this.count === 0 ? undefined : this.#totals[1];
  }

  /** The exact largest value; undefined if empty. */
  get max(): number | undefined {
    return this.count === 0 ? undefined : this.#totals[2];
  }

  /**
   * The `q`-quantile by nearest rank, ceil(q n); undefined if empty. The smallest and the largest rank are
   * exact.
   *
   * @throws RangeError if `q` is not in [0, 1].
   */
  quantile(q: number): QuantileEstimate | undefined {
    const { count, min, max } = this;
    const rank = nearestRank(q, count);
    if (min === undefined || max === undefined) return undefined;
    // ceil(q n) = n exactly if q n > n - 1, that is n < 1 / (1 - q)
    const fewSamples = rank === count;
    return { ...this.#valueOfRank(rank, min, max), count, fewSamples };
  }

  /**
   * Between which values the `q`-quantile lies of what the recorded values are a sample of, with 95 % confidence; the error of the
   * sketch is in it. An end is null if there are too few values. Undefined if empty.
   *
   * @param q between 0 and 1, neither included
   */
  samplingInterval(q: number): NamedInterval | undefined {
    const { count, min, max } = this;
    if (min === undefined || max === undefined) return undefined;
    const ranks = quantileRanks(q, count);
    return samplingInterval(q, count, {
      low: ranks.low === null ? null : this.#valueOfRank(ranks.low, min, max).sketchError.low,
      high: ranks.high === null ? null : this.#valueOfRank(ranks.high, min, max).sketchError.high,
    });
  }

  /** Removes every value and keeps the memory, so that further recording does not allocate. */
  clear(): void {
    this.#counts.clear();
    this.#totals.set(emptyTotals());
  }

  clone(): QuantileSketch {
    const copy = new QuantileSketch();
    copy.merge(this);
    return copy;
  }

  /** Plain JSON from which `fromJSON` creates an equal sketch. Equal contents give equal JSON. */
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

  /** @throws TypeError if `json` is not the output of `toJSON`; the message says what is wrong. */
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

  /**
   * Compact bytes: count, smallest and largest value, then for each bucket its distance from the last one and
   * its count.
   */
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
      if (bucket >= BUCKETS) throw new TypeError("Not a saved quantile sketch: a bucket is out of range");
      this.#counts.add(bucket, count);
      sum += count;
    }
    if (sum !== total) throw new TypeError("Not a saved quantile sketch: the bucket counts do not add up");
    this.#totals.set([total, min, max]);
  }

  /** The value of this rank, and what the exact one lies between; the smallest and the largest are exact. */
  #valueOfRank(rank: number, min: number, max: number): Pick<QuantileEstimate, "value" | "sketchError"> {
    if (rank === this.count) return exactly(max);
    if (rank === 1) return exactly(min);
    const bucket = this.#bucketOfRank(rank);
    const low = clamp(lowerBound(bucket), min, max);
    const high = clamp(upperBound(bucket), min, max);
    return { value: clamp(middle(bucket), min, max), sketchError: { low, high } };
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

function exactly(value: number): Pick<QuantileEstimate, "value" | "sketchError"> {
  return { value, sketchError: { low: value, high: value } };
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
