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

  [Symbol.iterator](): Iterator<MissingRange> {
    return this.#ranges[Symbol.iterator]();
  }

  /** The numbers in [from, to] were passed over; they are higher than all in any range so far. */
  add(from: number, to: number, sinceMs: number): void {
    this.#ranges.push({ from, to, sinceMs });
    this.#forgetSmallest();
  }

  /** A number that had been passed over has come. */
  remove(number: number): void {
    const at = this.#rangeAtOrBefore(number);
    const range = this.#ranges[at];
    if (range === undefined || number > range.to) return;
    const { from, to, sinceMs } = range;
    if (number === from && from < to) {
      // As the spans of a late batch do, one after the other.
      this.#ranges[at] = { from: from + 1, to, sinceMs };
      return;
    }
    const left = number > from ? [{ ...range, to: number - 1 }] : [];
    const right = number < to ? [{ ...range, from: number + 1 }] : [];
    this.#ranges.splice(at, 1, ...left, ...right);
    this.#forgetSmallest();
  }

  /** How many ranges there are. */
  get size(): number {
    return this.#ranges.length;
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

  load(numbers: Float64Array): void {
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
    this.#ranges.splice(smallest, 1);
  }
}

/** How many numbers are in the range. */
export function sizeOf({ from, to }: MissingRange): number {
  return to - from + 1;
}
