import type { Batch } from "./batch.ts";

/** Batches in order. The caller limits their size. */
export class BatchQueue {
  #batches: (Batch | undefined)[] = [];
  #head = 0;
  #bytes = 0;
  #spans = 0;

  get bytes(): number {
    return this.#bytes;
  }

  get spans(): number {
    return this.#spans;
  }

  get length(): number {
    return this.#batches.length - this.#head;
  }

  push(batch: Batch): void {
    this.#batches.push(batch);
    this.#bytes += batch.body.length;
    this.#spans += batch.spans;
  }

  peek(): Batch | undefined {
    return this.#batches[this.#head];
  }

  /** Removes and returns the oldest batch. */
  shift(): Batch | undefined {
    return this.#removeAt(0);
  }

  /** Removes and returns the oldest batch other than `kept`, which is being sent. */
  dropOldest(kept: Batch | undefined): Batch | undefined {
    const first = this.peek();
    if (first === undefined || first !== kept) return this.shift();
    const second = this.#removeAt(1);
    return second;
  }

  toArray(): Batch[] {
    return this.#batches.slice(this.#head) as Batch[];
  }

  clear(): void {
    this.#batches = [];
    this.#head = 0;
    this.#bytes = 0;
    this.#spans = 0;
  }

  #removeAt(fromHead: 0 | 1): Batch | undefined {
    const at = this.#head + fromHead;
    const batch = this.#batches[at];
    if (batch === undefined) return undefined;
    // The second batch is removed by moving the first one into its place, so that both cost the same.
    if (fromHead === 1) this.#batches[at] = this.#batches[this.#head];
    this.#batches[this.#head] = undefined;
    this.#head += 1;
    if (this.#head > 1_024 && this.#head * 2 > this.#batches.length) {
      this.#batches = this.#batches.slice(this.#head);
      this.#head = 0;
    }
    this.#bytes -= batch.body.length;
    this.#spans -= batch.spans;
    return batch;
  }
}
