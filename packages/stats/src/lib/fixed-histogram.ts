import type { Mergeable } from "./mergeable.ts";
import type { Savable, Saved } from "./saved.ts";

/**
 * A histogram with fixed bounds that counts like Prometheus and OpenTelemetry: a value equal to a bound
 * belongs to the bucket that ends there. For export only; percentiles come from `QuantileSketch`.
 */
export class FixedHistogram implements Mergeable<FixedHistogram>, Savable {
  /** Upper bounds of all buckets except the last, ascending. */
  readonly bounds: Float64Array;
  /** Values per bucket, not cumulative. The last bucket holds the values above every bound. */
  readonly counts: Float64Array;
  // sum, count. A typed array, because numbers in object fields may be boxed again at each change.
  readonly #totals: Float64Array = new Float64Array(2);

  /** @throws RangeError if `bounds` are not finite and strictly ascending. */
  constructor(bounds: readonly number[]) {
    for (const [i, bound] of bounds.entries()) {
      if (!Number.isFinite(bound) || bound <= (bounds[i - 1] ?? Number.NEGATIVE_INFINITY)) {
        throw new RangeError(`Histogram bounds must be finite and ascending; bounds[${i}] is ${bound}`);
      }
    }
    this.bounds = Float64Array.from(bounds);
    this.counts = new Float64Array(bounds.length + 1);
  }

  /**
   * Counts `value`. Returns false and counts nothing if it is NaN, infinite or negative. Does not allocate.
   */
  record(value: number): boolean {
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) return false;
    const { bounds, counts } = this;
    const totals = this.#totals;
    let bucket = 0;
    while (bucket < bounds.length && value > (bounds[bucket] as number)) bucket += 1;
    counts[bucket] = (counts[bucket] as number) + 1;
    totals[0] = (totals[0] as number) + value;
    totals[1] = (totals[1] as number) + 1;
    return true;
  }

  /** Sum of the values. */
  get sum(): number {
    return this.#totals[0] as number;
  }

  /** Number of values. */
  get count(): number {
    return this.#totals[1] as number;
  }

  /** @throws RangeError if `other` has different bounds. */
  merge(other: FixedHistogram): void {
    if (!equal(this.bounds, other.bounds))
      throw new RangeError("Histograms with different bounds cannot be merged");
    addTo(this.counts, other.counts);
    addTo(this.#totals, other.#totals);
  }

  clear(): void {
    this.counts.fill(0);
    this.#totals.fill(0);
  }

  /** Bucket counts, sum, count. */
  save(): Float64Array {
    const saved = new Float64Array(this.counts.length + 2);
    saved.set(this.counts);
    saved.set(this.#totals, this.counts.length);
    return saved;
  }

  load(saved: Saved): void {
    const { length } = this.counts;
    if (!(saved instanceof Float64Array && saved.length === length + 2)) {
      throw new TypeError(`Not a saved histogram of ${length} buckets`);
    }
    this.counts.set(saved.subarray(0, length));
    this.#totals.set(saved.subarray(length));
  }
}

function equal(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

function addTo(target: Float64Array, addend: Float64Array): void {
  for (let i = 0; i < target.length; i += 1) target[i] = (target[i] as number) + (addend[i] as number);
}
