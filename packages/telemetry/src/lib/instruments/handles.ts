import { FixedHistogram } from "@slipstream/stats";

/** Receives every value that a histogram records, for meters with their own histograms. */
export interface RecordTap {
  push(value: number): void;
}

/** Called before a value is read, for what has happened and is not counted yet. */
type BeforeRead = () => void;
const nothing: BeforeRead = () => {};

/** A bound histogram. `record` takes a few nanoseconds and does not allocate. */
export class HistogramHandle {
  readonly #histogram: FixedHistogram;
  readonly #beforeRead: BeforeRead;
  #tap: RecordTap | undefined;

  constructor(bounds: readonly number[], beforeRead: BeforeRead = nothing) {
    this.#histogram = new FixedHistogram(bounds);
    this.#beforeRead = beforeRead;
  }

  /** Counts `value`, in the metric's unit. NaN, infinite and negative values are ignored. */
  record(value: number): void {
    if (this.#histogram.record(value) && this.#tap !== undefined) this.#tap.push(value);
  }

  get histogram(): FixedHistogram {
    this.#beforeRead();
    return this.#histogram;
  }

  /** Also sends each further value to `tap`; undefined stops this. */
  set tap(tap: RecordTap | undefined) {
    this.#tap = tap;
  }
}

/** A bound counter. */
export class CounterHandle {
  readonly #total: Float64Array = new Float64Array(1);
  readonly #beforeRead: BeforeRead;

  constructor(beforeRead: BeforeRead = nothing) {
    this.#beforeRead = beforeRead;
  }

  /** Adds `value`, in the metric's unit. NaN, infinite and negative values are ignored. */
  add(value: number): void {
    if (value >= 0 && value < Number.POSITIVE_INFINITY) this.#total[0] = (this.#total[0] as number) + value;
  }

  get value(): number {
    this.#beforeRead();
    return this.#total[0] as number;
  }
}

/** A bound gauge. Until it is set, its value is unknown and not exported. */
export class GaugeHandle {
  readonly #value: Float64Array = Float64Array.of(Number.NaN);

  /** NaN and infinite values are ignored. */
  set(value: number): void {
    if (Number.isFinite(value)) this.#value[0] = value;
  }

  /** Makes the value unknown again. */
  clear(): void {
    this.#value[0] = Number.NaN;
  }

  /** Undefined if unknown. */
  get value(): number | undefined {
    const value = this.#value[0] as number;
    return Number.isNaN(value) ? undefined : value;
  }
}

export type Handle = HistogramHandle | CounterHandle | GaugeHandle;
