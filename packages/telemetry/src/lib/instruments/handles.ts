import { FixedHistogram } from "@slipstream/stats";

/** Receives every value that a histogram records, for a meter that keeps histograms of its own. */
export interface RecordTap {
  push(value: number): void;
}

/** A bound histogram. `record` costs a few nanoseconds and allocates nothing. */
export class HistogramHandle {
  readonly #histogram: FixedHistogram;
  #tap: RecordTap | undefined;

  constructor(bounds: readonly number[]) {
    this.#histogram = new FixedHistogram(bounds);
  }

  /** Counts `value`, in the metric's unit. NaN, an infinite or a negative value is left out. */
  record(value: number): void {
    if (this.#histogram.record(value) && this.#tap !== undefined) this.#tap.push(value);
  }

  get histogram(): FixedHistogram {
    return this.#histogram;
  }

  /** Sends each further value to `tap` also; undefined ends that. */
  set tap(tap: RecordTap | undefined) {
    this.#tap = tap;
  }
}

/** A bound counter. */
export class CounterHandle {
  readonly #total: Float64Array = new Float64Array(1);

  /** Adds `value`, in the metric's unit. NaN, an infinite or a negative value is left out. */
  add(value: number): void {
    if (value >= 0 && value < Number.POSITIVE_INFINITY) this.#total[0] = (this.#total[0] as number) + value;
  }

  get value(): number {
    return this.#total[0] as number;
  }
}

/** A bound gauge. Never set, it is unknown, and not exported. */
export class GaugeHandle {
  readonly #value: Float64Array = Float64Array.of(Number.NaN);

  /** NaN and infinite values are left out. */
  set(value: number): void {
    if (Number.isFinite(value)) this.#value[0] = value;
  }

  /** Makes the value unknown again. */
  clear(): void {
    this.#value[0] = Number.NaN;
  }

  /** Undefined where unknown. */
  get value(): number | undefined {
    const value = this.#value[0] as number;
    return Number.isNaN(value) ? undefined : value;
  }
}

export type Handle = HistogramHandle | CounterHandle | GaugeHandle;
