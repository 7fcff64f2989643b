/** What comes after the last value of an object. */
export const END = -1;

/** What is between two values may take so many bytes to be remembered. */
const longestGap = 64;
const gapWords = longestGap / 4;

/**
 * The keys of one kind of object. Nodes write them in the same order and with the same space each time. So what was between two values,
 * such as `, "mint": `, is remembered and compared as a whole: most often it is the same again, and its parts need not be read.
 */
export class ObjectKeys {
  readonly #names: readonly Buffer[];
  /** For each key, what followed its value last time. */
  readonly #gaps: Int32Array;
  /** Bytes; more than there can be if nothing is remembered. */
  readonly #lengths: Int32Array;
  readonly #next: Int8Array;
  /** Stands for a key that is none of these. */
  readonly other: number;
  /** Stands for the beginning of the object. */
  readonly start: number;

  /** @param names at most 30; a key's number is its place among them */
  constructor(names: readonly string[]) {
    this.#names = names.map((name) => Buffer.from(name));
    this.other = names.length;
    this.start = names.length + 1;
    const states = names.length + 2;
    this.#gaps = new Int32Array(states * gapWords);
    this.#lengths = new Int32Array(states);
    this.#next = new Int8Array(states).fill(END);
  }

  /** The number of the key with the name between these places. */
  find(bytes: Buffer, start: number, end: number): number {
    const found = this.#names.findIndex(
      (name) => name.length === end - start && name.compare(bytes, start, end) === 0,
    );
    return found < 0 ? this.other : found;
  }

  /** Bytes of what follows the value of `key`, up to the next value, if it is what followed it last time; otherwise 0. */
  follows(view: DataView, at: number, key: number): number {
    const length = this.#lengths[key] ?? 0;
    const end = at + length - 4;
    if (length === 0 || end + 4 > view.byteLength) return 0;
    const gaps = this.#gaps;
    let word = key * gapWords;
    for (let place = at; place < end; place += 4) if (view.getInt32(place, true) !== gaps[word++]) return 0;
    // The last bytes overlap those before them.
    return view.getInt32(end, true) === gaps[word] ? length : 0;
  }

  /** The key that followed last time. */
  next(key: number): number {
    return this.#next[key] ?? END;
  }

  /** Remembers what is between the value of `key` and that of `next`. */
  remember(view: DataView, start: number, end: number, key: number, next: number): void {
    const length = end - start;
    if (length > longestGap) return;
    let word = key * gapWords;
    for (let place = start; place < end - 4; place += 4) this.#gaps[word++] = view.getInt32(place, true);
    this.#gaps[word] = view.getInt32(end - 4, true);
    this.#lengths[key] = length;
    this.#next[key] = next;
  }
}
