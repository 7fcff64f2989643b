/** Keys take 32 to 44 characters, most of them 43 or 44. */
const longest = 44;
const shortest = 32;
const slots = 2 ** 11;
/** Of a slot: the text, and its length. */
const slotWords = 12;
const lastWord = 10;
const lengthWord = 11;
const QUOTE = 0x22;

// Kept from block to block: voters, programs and pools are in each.
const words: Int32Array = new Int32Array(slots * slotWords);
const texts: string[] = new Array<string>(slots).fill("");

/** What `toString("latin1")` calls. It takes half the time, and there are thousands in a block. */
export interface Latin1Buffer extends Buffer {
  latin1Slice(start: number, end: number): string;
}

/**
 * The texts of keys that blocks contain again and again: comparing one with the bytes takes less time than making it again, and
 * equal texts are the same object. Each slot holds one text, so that memory is bounded.
 */
export class KeyTexts {
  readonly #bytes: Latin1Buffer;
  readonly #view: DataView;

  constructor(bytes: Latin1Buffer, view: DataView) {
    this.#bytes = bytes;
    this.#view = view;
  }

  /** The text that begins here and ends with a quote, if it is known. */
  find(start: number): string | undefined {
    const view = this.#view;
    if (start + longest >= this.#bytes.length) return undefined;
    const slot = this.#slot(start);
    const base = slot * slotWords;
    if (view.getInt32(start, true) !== words[base]) return undefined;
    const length = words[base + lengthWord] ?? 0;
    if (this.#bytes[start + length] !== QUOTE) return undefined;
    const whole = length >> 2;
    for (let index = 1; index < whole; index++)
      if (view.getInt32(start + 4 * index, true) !== words[base + index]) return undefined;
    // What is left overlaps the word before it.
    if (view.getInt32(start + length - 4, true) !== words[base + lastWord]) return undefined;
    return texts[slot];
  }

  /** Keeps an ASCII text. @returns undefined if it is not as long as a key */
  add(start: number, end: number): string | undefined {
    const length = end - start;
    if (length < shortest || length > longest || start + longest >= this.#bytes.length) return undefined;
    const view = this.#view;
    const slot = this.#slot(start);
    const base = slot * slotWords;
    const whole = length >> 2;
    for (let index = 0; index < whole; index++) words[base + index] = view.getInt32(start + 4 * index, true);
    // Of the longest, it is the last whole word as well.
    words[base + lastWord] = view.getInt32(end - 4, true);
    words[base + lengthWord] = length;
    const text = this.#bytes.latin1Slice(start, end);
    texts[slot] = text;
    return text;
  }

  #slot(start: number): number {
    const view = this.#view;
    const mixed =
      Math.imul(view.getInt32(start, true), 0x9e3779b1 | 0) ^
      Math.imul(view.getInt32(start + 8, true), 0x85ebca6b | 0) ^
      Math.imul(view.getInt32(start + 24, true), 0xc2b2ae35 | 0);
    return (mixed ^ (mixed >>> 15)) & (slots - 1);
  }
}
