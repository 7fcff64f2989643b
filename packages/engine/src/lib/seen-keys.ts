/** Keys in the order they were seen, a part of one generation. */
export interface SeenKeys {
  readonly generation: number;
  /** Place of the first of them within its generation. */
  readonly first: number;
  /** High word and low word, with its mark, in turn. */
  readonly keys: Uint32Array;
}

/** Which keys are remembered: all of the generation before, and the first `size` of the generation. */
export interface SeenSizes {
  readonly generation: number;
  readonly size: number;
  /** Keys of the generation before. */
  readonly previous: number;
}

const CHUNK_KEYS = 16_384;

/**
 * The keys added since they were last taken, 8 bytes each, for whoever keeps them on a disk. Of generations
 * that are forgotten meanwhile it keeps none, so it never holds more than are remembered.
 */
export class AddedKeys {
  #full: SeenKeys[] = [];
  #generation: number;
  #first: number;
  #keys: Uint32Array = new Uint32Array(2 * CHUNK_KEYS);
  #words = 0;

  /** @param size keys of the generation that need not be taken */
  constructor(generation: number, size: number) {
    this.#generation = generation;
    this.#first = size;
  }

  add(high: number, low: number): void {
    if (this.#words === this.#keys.length) this.#closeChunk();
    this.#keys[this.#words] = high;
    this.#keys[this.#words + 1] = low;
    this.#words += 2;
  }

  /** The keys from here on are of a new generation. */
  turn(generation: number): void {
    this.#closeChunk();
    this.#full = this.#full.filter((chunk) => chunk.generation >= generation - 1);
    this.#generation = generation;
    this.#first = 0;
  }

  take(): readonly SeenKeys[] {
    this.#closeChunk();
    const taken = this.#full;
    this.#full = [];
    return taken;
  }

  #closeChunk(): void {
    if (this.#words === 0) return;
    const keys = this.#keys.slice(0, this.#words);
    this.#full.push({ generation: this.#generation, first: this.#first, keys });
    this.#first += this.#words / 2;
    this.#words = 0;
  }
}

/** The first `size` keys of a generation, put together from what was taken. */
export class KeyList {
  readonly #keys: Uint32Array;
  #words = 0;

  constructor(size: number) {
    this.#keys = new Uint32Array(2 * size);
  }

  /**
   * Adds those keys that follow on what is there already.
   *
   * @throws TypeError if some before them are missing.
   */
  add({ first, keys }: SeenKeys): void {
    const known = this.#words - 2 * first;
    if (known < 0) throw new TypeError(`keys of spans seen are missing before the one numbered ${first}`);
    const more = keys.subarray(known, known + this.#keys.length - this.#words);
    this.#keys.set(more, this.#words);
    this.#words += more.length;
  }

  /** @throws TypeError if not all are there. */
  all(): Uint32Array {
    const { length } = this.#keys;
    if (this.#words === length) return this.#keys;
    throw new TypeError(`of ${length / 2} keys of spans seen only ${this.#words / 2} are there`);
  }
}
