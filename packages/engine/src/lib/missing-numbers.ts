/** Ranges remembered of one process. */
const MOST_RANGES = 32;
/** Saved of each range. */
export const RANGE_NUMBERS = 3;

/** Numbers that did not come, both ends included. */
export interface MissingRange {
  readonly from: number;
  readonly to: number;
  /** Receipt of the number after it, which told that it is missing. Unix ms. */
  readonly sinceMs: number;
}

/**
 * Which of a process's numbers have not come so far, as ranges. A number that comes late closes or splits its range. Where
 * there are too many ranges the smallest is forgotten, the oldest of equals: how many numbers are missing is not counted
 * here and stays exact.
 */
export class MissingNumbers {
  // Ascending, with no two touching.
  #ranges: MissingRange[] = [];
  /** Numbers in forgotten ranges that have not come, and when the last such range was noticed. */
  #forgotten = 0;
  #forgottenSinceMs = 0;

  [Symbol.iterator](): Iterator<MissingRange> {
    return this.#ranges[Symbol.iterator]();
  }

  /** The numbers in [from, to] were passed over; they are higher than all in any range so far. */
  add(from: number, to: number, sinceMs: number): void {
    this.#ranges.push({ from, to, sinceMs });
    this.#forgetSmallest();
  }

  /**
   * A number has come that is not higher than all before.
   *
   * @returns when it was passed over, as far as that is still known; undefined: it was not missing
   */
  remove(number: number): number | undefined {
    const at = this.#rangeAtOrBefore(number);
    const range = this.#ranges[at];
    if (range === undefined || number > range.to) return this.#recall();
    const { from, to, sinceMs } = range;
    if (number === from && from < to) {
      // As the spans of a late batch do, one after the other.
      this.#ranges[at] = { from: from + 1, to, sinceMs };
      return sinceMs;
    }
    const left = number > from ? [{ ...range, to: number - 1 }] : [];
    const right = number < to ? [{ ...range, from: number + 1 }] : [];
    this.#ranges.splice(at, 1, ...left, ...right);
    this.#forgetSmallest();
    return sinceMs;
  }

  /** How many ranges there are. */
  get size(): number {
    return this.#ranges.length;
  }

  /** Numbers that are missing and in none of the ranges, and when the last of them was noticed. */
  get forgotten(): { readonly count: number; readonly sinceMs: number } {
    return { count: this.#forgotten, sinceMs: this.#forgottenSinceMs };
  }

  /** Writes the ranges as numbers, `RANGE_NUMBERS` each, from a place on. */
  saveTo(numbers: Float64Array, place: number): void {
    let at = place;
    for (const { from, to, sinceMs } of this.#ranges) {
      numbers[at] = from;
      numbers[at + 1] = to;
      numbers[at + 2] = sinceMs;
      at += RANGE_NUMBERS;
    }
  }

  load(numbers: Float64Array, forgotten: MissingNumbers["forgotten"]): void {
    this.#forgotten = forgotten.count;
    this.#forgottenSinceMs = forgotten.sinceMs;
    for (let i = 0; i < numbers.length; i += RANGE_NUMBERS) {
      const [from = 0, to = 0, sinceMs = 0] = numbers.subarray(i, i + RANGE_NUMBERS);
      this.#ranges.push({ from, to, sinceMs });
    }
  }

  /** Index of the last range that begins at the number or before; -1 if there is none. */
  #rangeAtOrBefore(number: number): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ranges[middle] as MissingRange).from <= number) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  #forgetSmallest(): void {
    if (this.#ranges.length <= MOST_RANGES) return;
    let smallest = 0;
    for (const [i, range] of this.#ranges.entries()) {
      if (sizeOf(range) < sizeOf(this.#ranges[smallest] as MissingRange)) smallest = i;
    }
    for (const range of this.#ranges.splice(smallest, 1)) {
      this.#forgotten += sizeOf(range);
      this.#forgottenSinceMs = Math.max(this.#forgottenSinceMs, range.sinceMs);
    }
  }

  #recall(): number | undefined {
    if (this.#forgotten === 0) return undefined;
    this.#forgotten -= 1;
    return this.#forgottenSinceMs;
  }
}

/** How many numbers are in the range. */
export function sizeOf({ from, to }: MissingRange): number {
  return to - from + 1;
}
