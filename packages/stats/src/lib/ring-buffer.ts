/** The newest `capacity` numbers; a new one overwrites the oldest. Allocates only in the constructor. */
export class RingBuffer {
  readonly #values: Float64Array;
  #next = 0;
  #length = 0;

  /** @throws RangeError if `capacity` is not a positive integer. */
  constructor(capacity: number) {
    if (!Number.isSafeInteger(capacity) || capacity < 1) {
      throw new RangeError(`A ring buffer's capacity must be a positive integer, not ${capacity}`);
    }
    this.#values = new Float64Array(capacity);
  }

  push(value: number): void {
    this.#values[this.#next] = value;
    this.#next = this.#next + 1 === this.#values.length ? 0 : this.#next + 1;
    if (this.#length < this.#values.length) this.#length += 1;
  }

  /** The value at `i`, with 0 the oldest and -1 the newest; undefined if out of range. */
  at(i: number): number | undefined {
    const fromOldest = i < 0 ? this.#length + i : i;
    if (!(fromOldest >= 0 && fromOldest < this.#length)) return undefined;
    return this.#values[(this.#next - this.#length + fromOldest + this.capacity) % this.capacity];
  }

  get length(): number {
    return this.#length;
  }

  get capacity(): number {
    return this.#values.length;
  }

  clear(): void {
    this.#next = 0;
    this.#length = 0;
  }

  /** A copy, oldest first. */
  toArray(): number[] {
    const start = (this.#next - this.#length + this.capacity) % this.capacity;
    return Array.from(
      { length: this.#length },
      (_, i) => this.#values[(start + i) % this.capacity] as number,
    );
  }
}
