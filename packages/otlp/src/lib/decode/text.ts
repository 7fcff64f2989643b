/** Texts longer than this (bytes of UTF-8) are cut: a statement of a megabyte is no name. */
export const MAX_TEXT_BYTES = 1024;

/** Longest text, in words of four bytes, that the caches hold. */
export const SLOT_WORDS = 16;

// Names are hashed and compared a word at a time: byte by byte, keys alone took a quarter of the decoding.

/** The last word of a text, or all of a shorter one. */
export function tailOf(view: DataView, start: number, length: number): number {
  if (length >= 4) return view.getInt32(start + length - 4, true);
  let tail = 0;
  for (let at = 0; at < length; at++) tail = (tail << 8) | view.getUint8(start + at);
  return tail;
}

/** Hash of a text's length and its first, middle and last words: names differ there. */
export function hashOf(view: DataView, start: number, length: number, tail: number): number {
  let hash = Math.imul(tail ^ length, 0x85eb_ca6b);
  if (length > 4) {
    hash ^= Math.imul(view.getInt32(start, true), 0xc2b2_ae35);
    hash = Math.imul(hash ^ (hash >>> 15) ^ view.getInt32(start + ((length - 4) >> 1), true), 0x27d4_eb2f);
  }
  return hash ^ (hash >>> 15);
}

/** Whether a text's whole words are those at `words[at]`; the tail is compared by the caller. */
export function sameWords(
  view: DataView,
  start: number,
  length: number,
  words: Int32Array,
  at: number,
): boolean {
  for (let word = 0, end = length >> 2; word < end; word++) {
    if (view.getInt32(start + word * 4, true) !== words[at + word]) return false;
  }
  return true;
}

export function copyWords(
  view: DataView,
  start: number,
  length: number,
  words: Int32Array,
  at: number,
): void {
  for (let word = 0, end = length >> 2; word < end; word++)
    words[at + word] = view.getInt32(start + word * 4, true);
}

/** Text of UTF-8 bytes, cut to `MAX_TEXT_BYTES`; what is no UTF-8 becomes U+FFFD. */
export function textOf(bytes: Buffer, start: number, length: number): string {
  if (length <= MAX_TEXT_BYTES) return bytes.toString("utf8", start, start + length);
  let end = start + MAX_TEXT_BYTES;
  // Not in the middle of a character: continuation bytes are 10xxxxxx.
  while (end > start && ((bytes[end] as number) & 0xc0) === 0x80) end--;
  return bytes.toString("utf8", start, end);
}

/** A text cut as `textOf` cuts its bytes. */
export function cutText(text: string): string {
  // A character takes at most three bytes for each UTF-16 unit.
  if (text.length * 3 <= MAX_TEXT_BYTES) return text;
  const bytes = Buffer.from(text);
  return bytes.length <= MAX_TEXT_BYTES ? text : textOf(bytes, 0, bytes.length);
}

/**
 * Texts that come again and again (names, pairs, statuses), found by their bytes without making a string. Direct
 * mapped: of two texts that share a slot the newer stays, so the cache is bounded whatever comes in.
 */
export class TextCache {
  private readonly mask: number;
  private readonly texts: string[];
  private readonly lengths: Uint8Array;
  private readonly tails: Int32Array;
  private readonly words: Int32Array;

  /** `slots` is a power of two; each costs 80 bytes and its text. */
  constructor(slots: number) {
    this.mask = slots - 1;
    this.texts = new Array<string>(slots).fill("");
    this.lengths = new Uint8Array(slots);
    this.tails = new Int32Array(slots);
    this.words = new Int32Array(slots * SLOT_WORDS);
  }

  /** The text at `start`; `view` is of the same bytes. */
  text(bytes: Buffer, view: DataView, start: number, length: number): string {
    if (length === 0) return "";
    if (length > SLOT_WORDS * 4) return textOf(bytes, start, length);
    const tail = tailOf(view, start, length);
    const slot = hashOf(view, start, length, tail) & this.mask;
    const at = slot * SLOT_WORDS;
    if (
      this.lengths[slot] === length &&
      this.tails[slot] === tail &&
      sameWords(view, start, length, this.words, at)
    ) {
      return this.texts[slot] as string;
    }
    const text = textOf(bytes, start, length);
    this.texts[slot] = text;
    this.lengths[slot] = length;
    this.tails[slot] = tail;
    copyWords(view, start, length, this.words, at);
    return text;
  }
}

/** A name, and what it stands for. */
export interface NameEntry<Value> {
  readonly length: number;
  readonly tail: number;
  readonly words: Int32Array;
  /** undefined: a name that stands for nothing, remembered all the same. */
  readonly value: Value | undefined;
  /** Place of the name that came after it the last time. Not the name itself: a chain of them would never end. */
  next: number;
}

/** Names that are not known are remembered in so many places, as long as they are no longer than the caches' texts. */
const STRANGERS = 256;
const NO_WORDS = new Int32Array(0);

/**
 * Finds a value by the bytes of its name, among names known beforehand. Names come in the same order again and again, so
 * the one that came next the last time is compared first, and mostly nothing is looked up.
 */
export class NameTable<Value> {
  private readonly mask: number;
  /**
   * First the names known, open addressing: an entry stands at its hash or in the next free place. After them those that
   * are not, direct mapped: of two that share a place the newer stays.
   */
  private readonly places: (NameEntry<Value> | undefined)[];
  private readonly ofStranger: (name: string) => Value | undefined;
  private last: NameEntry<Value> = { length: -1, tail: 0, words: NO_WORDS, value: undefined, next: 0 };

  /** @param ofStranger what a name stands for that is not known. It is not asked for one that is too long to be remembered. */
  constructor(
    entries: Iterable<readonly [name: string, value: Value]>,
    ofStranger: (name: string) => Value | undefined = () => undefined,
  ) {
    this.ofStranger = ofStranger;
    const list = [...entries];
    let size = 16;
    while (size < list.length * 4) size *= 2;
    this.mask = size - 1;
    this.places = new Array<NameEntry<Value> | undefined>(size + STRANGERS).fill(undefined);
    for (const [name, value] of list) {
      const { buffer, byteOffset, length } = Buffer.from(name);
      const view = new DataView(buffer, byteOffset, length);
      const tail = tailOf(view, 0, length);
      let place = hashOf(view, 0, length, tail) & this.mask;
      while (this.places[place] !== undefined) place = (place + 1) & this.mask;
      this.places[place] = { length, tail, words: wordsOf(view, 0, length), value, next: 0 };
    }
  }

  find(view: DataView, start: number, length: number): Value | undefined {
    const tail = tailOf(view, start, length);
    const guess = this.places[this.last.next];
    if (guess !== undefined && isName(guess, view, start, length, tail)) {
      this.last = guess;
      return guess.value;
    }
    const place = this.placeOf(view, start, length, tail);
    const entry = this.places[place];
    if (entry === undefined) return undefined;
    this.last.next = place;
    this.last = entry;
    return entry.value;
  }

  /**
   * The name that came next the last time, if it stands at `start` and `stop` follows it: then nothing has to be searched for
   * its end. It is only for texts in which `stop` cannot be a part of a name.
   */
  guess(view: DataView, start: number, end: number, stop: number): NameEntry<Value> | undefined {
    const guess = this.places[this.last.next];
    if (guess === undefined) return undefined;
    const { length } = guess;
    if (length >= end - start || view.getUint8(start + length) !== stop) return undefined;
    if (!isName(guess, view, start, length, tailOf(view, start, length))) return undefined;
    this.last = guess;
    return guess;
  }

  /** Where the name stands, known or not; where it is too long for one that is not known, an empty place. */
  private placeOf(view: DataView, start: number, length: number, tail: number): number {
    const hash = hashOf(view, start, length, tail);
    let place = hash & this.mask;
    for (let entry = this.places[place]; entry !== undefined; entry = this.places[place]) {
      if (isName(entry, view, start, length, tail)) return place;
      place = (place + 1) & this.mask;
    }
    if (length > SLOT_WORDS * 4) return place;
    const strange = this.mask + 1 + (hash & (STRANGERS - 1));
    const there = this.places[strange];
    if (there === undefined || !isName(there, view, start, length, tail)) {
      const words = wordsOf(view, start, length);
      const value = this.ofStranger(latin1(view, start, length));
      this.places[strange] = { length, tail, words, value, next: 0 };
    }
    return strange;
  }
}

function wordsOf(view: DataView, start: number, length: number): Int32Array {
  const words = new Int32Array(length >> 2);
  copyWords(view, start, length, words, 0);
  return words;
}

/** The bytes as one letter each. */
function latin1({ buffer, byteOffset }: DataView, start: number, length: number): string {
  return Buffer.from(buffer, byteOffset + start, length).toString("latin1");
}

function isName(
  entry: NameEntry<unknown>,
  view: DataView,
  start: number,
  length: number,
  tail: number,
): boolean {
  return entry.length === length && entry.tail === tail && sameWords(view, start, length, entry.words, 0);
}
