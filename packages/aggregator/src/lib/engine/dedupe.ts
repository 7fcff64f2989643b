import { KeyTable } from "./key-table.ts";
import type { SpanKey } from "./span-key.ts";

/**
 * Remembers the spans that were seen, in two generations: when the newer one holds half of the limit, the older one is
 * forgotten and they change places. So a repeat is recognised while fewer than `limit / 2` other spans came
 * between, and forgotten for certain after `limit`. The horizon counts spans, not hours: a desk that was offline for a
 * night is still recognised.
 *
 * Memory at the default of 8 Mi spans: at most 73 MiB, in typed arrays that grow with use.
 */
export class Dedupe {
  #newer: KeyTable;
  #older: KeyTable;

  constructor(limit: number) {
    const half = Math.max(1, Math.ceil(limit / 2));
    this.#newer = new KeyTable(half);
    this.#older = new KeyTable(half);
  }

  /** The mark (0 to 3) that the span was remembered with, -1 where it was not seen. */
  find({ high, low }: SpanKey): number {
    const mark = this.#newer.find(high, low);
    return mark >= 0 ? mark : this.#older.find(high, low);
  }

  /** Remembers a span that was not seen, with a mark of 0 to 3. */
  add({ high, low }: SpanKey, mark: number): void {
    if (this.#newer.full) this.#turn();
    this.#newer.add(high, low | mark);
  }

  /** Spans remembered. */
  get size(): number {
    return this.#newer.size + this.#older.size;
  }

  /** Bytes of memory. */
  get bytes(): number {
    return this.#newer.bytes + this.#older.bytes;
  }

  #turn(): void {
    const forgotten = this.#older;
    forgotten.clear();
    this.#older = this.#newer;
    this.#newer = forgotten;
  }
}
