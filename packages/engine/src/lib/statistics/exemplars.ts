import type { Exemplar } from "@slipstream/exposition";
import type { Savable, Saved } from "@slipstream/stats";
import type { SpanEvent } from "../event.ts";
import { word } from "../trace-id.ts";

const WORDS = 4;

/** The newest observation of each bucket of a histogram, with its trace. */
export class Exemplars implements Savable {
  readonly #bounds: readonly number[];
  readonly #traces: Uint32Array;
  readonly #values: Float64Array;
  readonly #timesMs: Float64Array;

  /** @param bounds upper bounds of all buckets but the last */
  constructor(bounds: readonly number[]) {
    const buckets = bounds.length + 1;
    this.#bounds = bounds;
    this.#traces = new Uint32Array(WORDS * buckets);
    this.#values = new Float64Array(buckets);
    this.#timesMs = new Float64Array(buckets).fill(Number.NEGATIVE_INFINITY);
  }

  observe({ span, timeMs }: SpanEvent, value: number): void {
    let bucket = 0;
    while (bucket < this.#bounds.length && value > (this.#bounds[bucket] as number)) bucket += 1;
    if (timeMs < (this.#timesMs[bucket] as number)) return;
    this.#timesMs[bucket] = timeMs;
    this.#values[bucket] = value;
    const at = WORDS * bucket;
    this.#traces[at] = span.trace0;
    this.#traces[at + 1] = span.trace1;
    this.#traces[at + 2] = span.trace2;
    this.#traces[at + 3] = span.trace3;
  }

  /** Times, values, words of the traces. */
  save(): Float64Array {
    return Float64Array.from([...this.#timesMs, ...this.#values, ...this.#traces]);
  }

  load(saved: Saved): void {
    const buckets = this.#values.length;
    if (!(saved instanceof Float64Array && saved.length === (2 + WORDS) * buckets)) {
      throw new TypeError(`Not saved exemplars of ${buckets} buckets`);
    }
    this.#timesMs.set(saved.subarray(0, buckets));
    this.#values.set(saved.subarray(buckets, 2 * buckets));
    this.#traces.set(saved.subarray(2 * buckets));
  }

  /** By bucket; undefined for those without an observation. */
  read(): (Exemplar | undefined)[] {
    return Array.from(this.#values, (value, bucket) => {
      const timeMs = this.#timesMs[bucket] as number;
      if (timeMs === Number.NEGATIVE_INFINITY) return undefined;
      const words = this.#traces.subarray(WORDS * bucket, WORDS * (bucket + 1));
      const traceId = Array.from(words, word).join("");
      return { traceId, value, timestamp: timeMs / 1_000 };
    });
  }
}
