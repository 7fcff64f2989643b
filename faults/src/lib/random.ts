/** Choices that a seed decides: the same seed, the same choices. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** In [0, 1): mulberry32, after Tommy Ettinger's public-domain generator. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number of `from` to `to`, both included. */
  int(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  /** True with the probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of them. @throws RangeError where there is none */
  pick<T>(values: readonly T[]): T {
    const picked = values[this.int(0, values.length - 1)];
    if (picked === undefined) throw new RangeError("Nothing to choose from.");
    return picked;
  }

  hex(bytes: number): string {
    return Array.from({ length: bytes }, () => this.int(0, 255).toString(16).padStart(2, "0")).join("");
  }
}
