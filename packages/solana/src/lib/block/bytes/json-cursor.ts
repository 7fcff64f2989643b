import { lowDigits } from "../draft.ts";
import { KeyTexts, type Latin1Buffer } from "./key-texts.ts";
import { END, type ObjectKeys } from "./object-keys.ts";

/** What is thrown if the text is not one that is read here. The full parser then reads it, or says what is wrong. */
export class NotRead extends Error {
  override readonly name = "NotRead";
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const SPACE = 0x20;
const ZERO = 0x30;
const NINE = 0x39;

/** Integers of so many digits are exact in a double. */
const exactDigits = 15;
/** 2^64 - 1 has so many. */
const mostDigits = 20;
/** 2^64 - 1 is 18446 744073709551615. */
const highest = 18_446;
const lowest = 744_073_709_551_615;
/** Deeper values are left to the full parser. */
const deepest = 512;

/**
 * Reads JSON from its bytes, in order. All of it is checked to be JSON, what is skipped as well: where `JSON.parse` would refuse the
 * text, this throws `NotRead`. It also throws it for what is JSON but rare: see each method.
 */
export class JsonCursor {
  readonly #bytes: Latin1Buffer;
  readonly #view: DataView;
  readonly #texts: KeyTexts;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) as Latin1Buffer;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#texts = new KeyTexts(this.#bytes, this.#view);
  }

  /** Skips whitespace. @returns the byte there; 0 at the end */
  peek(): number {
    const bytes = this.#bytes;
    let at = this.at;
    let byte = bytes[at] ?? 0;
    while (byte <= SPACE) {
      if (byte !== SPACE && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
      byte = bytes[++at] ?? 0;
    }
    this.at = at;
    return byte;
  }

  /** Skips whitespace and this byte. */
  expect(byte: number): void {
    if (this.peek() !== byte) throw new NotRead();
    this.at++;
  }

  /** After a value in an array or object. @returns whether another one follows */
  hasMore(close: number): boolean {
    const byte = this.peek();
    this.at++;
    if (byte === COMMA) return true;
    if (byte === close) return false;
    throw new NotRead();
  }

  /** Enters an array or object. @returns whether there is anything in it */
  enter(open: number, close: number): boolean {
    this.expect(open);
    if (this.peek() !== close) return true;
    this.at++;
    return false;
  }

  /** Nothing may follow. */
  end(): void {
    if (this.peek() !== 0 || this.at !== this.#bytes.length) throw new NotRead();
  }

  /**
   * Goes from the value of one key of an object to that of the next.
   * @param key the one before; `keys.start` before the object
   * @returns the next one's number in the table; `keys.other` if it is none of them; `END` after the object
   * @throws NotRead also if it has escapes, which may spell any name
   */
  next(keys: ObjectKeys, key: number): number {
    if (key === keys.start) this.peek();
    const start = this.at;
    const known = keys.follows(this.#view, start, key);
    if (known !== 0) {
      this.at = start + known;
      return keys.next(key);
    }
    const isFirst = key === keys.start;
    if (isFirst ? !this.enter(0x7b, 0x7d) : !this.hasMore(0x7d)) return END;
    this.expect(QUOTE);
    const name = this.at;
    const end = this.#end(name, 0);
    this.at = end + 1;
    this.expect(COLON);
    this.peek();
    const found = keys.find(this.#bytes, name, end);
    keys.remember(this.#view, start, this.at, key, found);
    return found;
  }

  /** Whether the value is `null`, which is then skipped. */
  isNull(): boolean {
    if (this.peek() !== 0x6e) return false;
    this.#literal();
    return true;
  }

  /**
   * An integer from 0 on that a double holds exactly.
   * @throws NotRead also for other numbers, and for ones of more than 15 digits
   */
  index(): number {
    this.peek();
    const start = this.at;
    const value = this.#digits();
    if (this.at - start > exactDigits) throw new NotRead();
    return value;
  }

  /** As `index`, but as `JSON.parse` reads it if it has more digits. */
  #integer(): number {
    this.peek();
    const start = this.at;
    const value = this.#digits();
    return this.at - start > exactDigits ? Number(this.#bytes.latin1Slice(start, this.at)) : value;
  }

  /**
   * A list of integers from 0 to `most`, as `JSON.parse` reads them.
   * @param into takes them, from position `count` on
   * @returns the position after the last
   * @throws NotRead also for fractions and exponents
   */
  integers(into: number[], count: number, most: number): number {
    if (!this.enter(0x5b, 0x5d)) return count;
    const bytes = this.#bytes;
    let at = this.at;
    for (let next = count; ; ) {
      let byte = bytes[at] ?? 0;
      if (byte === SPACE) byte = bytes[++at] ?? 0;
      const start = at;
      let value = 0;
      while (byte >= ZERO && byte <= NINE) {
        value = value * 10 + (byte - ZERO);
        byte = bytes[++at] ?? 0;
      }
      const length = at - start;
      const isPlain = length > 0 && length <= exactDigits && (bytes[start] !== ZERO || length === 1);
      if (isPlain && byte === COMMA) {
        into[next++] = value;
        at++;
        continue;
      }
      this.at = start;
      const other = this.#integer();
      if (other > most) throw new NotRead();
      into[next++] = other;
      if (!this.hasMore(0x5d)) return next;
      at = this.at;
    }
  }

  /** The last 15 digits of the amount that was read last, and those before. */
  low = 0;
  high = 0;

  /** A text of digits, at most 2^64 - 1. */
  amount(): void {
    this.expect(QUOTE);
    const bytes = this.#bytes;
    const start = this.at;
    let at = start;
    while (isDigit(bytes[at] ?? 0)) at++;
    const split = Math.max(start, at - lowDigits);
    const high = this.#number(start, split);
    const low = this.#number(split, at);
    const isTooLarge = high > highest || (high === highest && low > lowest);
    if (at === start || at - start > mostDigits || isTooLarge || bytes[at] !== QUOTE) throw new NotRead();
    this.at = at + 1;
    this.low = low;
    this.high = high;
  }

  /** What the digits between these places say. */
  #number(start: number, end: number): number {
    const bytes = this.#bytes;
    let value = 0;
    for (let at = start; at < end; at++) value = value * 10 + ((bytes[at] ?? 0) - ZERO);
    return value;
  }

  /** Digits as JSON allows them. The value is exact only if there are at most 15. */
  #digits(): number {
    const bytes = this.#bytes;
    let at = this.at;
    const first = bytes[at] ?? 0;
    let byte = first;
    let value = 0;
    while (byte >= ZERO && byte <= NINE) {
      value = value * 10 + (byte - ZERO);
      byte = bytes[++at] ?? 0;
    }
    const length = at - this.at;
    if (length === 0 || (first === ZERO && length > 1) || byte === 0x2e || (byte | 0x20) === 0x65)
      throw new NotRead();
    this.at = at;
    return value;
  }

  /** Whether the bytes from `start` to `end` follow once more. They are then skipped. */
  repeats(start: number, end: number): boolean {
    const view = this.#view;
    const { at } = this;
    const last = end - 4;
    if (last < start || at + end - start > view.byteLength) return false;
    const away = at - start;
    for (let place = start; place < last; place += 4)
      if (view.getInt32(place, true) !== view.getInt32(place + away, true)) return false;
    if (view.getInt32(last, true) !== view.getInt32(last + away, true)) return false;
    this.at = end + away;
    return true;
  }

  /** A text, most often of a key. @throws NotRead also if it has escapes, or is not ASCII */
  text(): string {
    this.expect(QUOTE);
    const start = this.at;
    const known = this.#texts.find(start);
    if (known !== undefined) {
      this.at = start + known.length + 1;
      return known;
    }
    const end = this.#end(start, -1);
    this.at = end + 1;
    return this.#texts.add(start, end) ?? this.#bytes.latin1Slice(start, end);
  }

  /** A text that is seldom there twice. @throws NotRead also if it has escapes, or is not ASCII */
  rareText(): string {
    this.expect(QUOTE);
    const start = this.at;
    const end = this.#end(start, -1);
    this.at = end + 1;
    return this.#bytes.latin1Slice(start, end);
  }

  /** The end of a text without escapes. @param high -1 if it must be ASCII, otherwise 0 */
  #end(start: number, high: number): number {
    const end = this.#special(start, high);
    if (this.#bytes[end] !== QUOTE) throw new NotRead();
    return end;
  }

  /** Any value. @throws NotRead also if it is nested very deeply */
  skip(): void {
    let depth = 0;
    // Whether the containers around are objects, the innermost last.
    const objects: boolean[] = [];
    for (;;) {
      const byte = this.peek();
      if (byte === QUOTE) {
        this.skipText();
        if (depth > 0 && objects[depth - 1] === false) this.#skipTexts();
      } else if (byte === 0x7b || byte === 0x5b) {
        const isObject = byte === 0x7b;
        this.at++;
        const isEmpty = this.peek() === byte + 2;
        if (!isEmpty) {
          if (depth >= deepest) throw new NotRead();
          objects[depth++] = isObject;
          if (isObject) this.#skipKey();
          continue;
        }
        this.at++;
      } else if (byte === 0x2d || (byte >= ZERO && byte <= NINE)) this.#skipNumber();
      else this.#literal();
      for (;;) {
        if (depth === 0) return;
        const isObject = objects[depth - 1] === true;
        if (!this.hasMore(isObject ? 0x7d : 0x5d)) {
          depth--;
          continue;
        }
        if (isObject) this.#skipKey();
        break;
      }
    }
  }

  /** Texts that follow in a list, as logs do. */
  #skipTexts(): void {
    const bytes = this.#bytes;
    while (bytes[this.at] === COMMA) {
      const space = bytes[this.at + 1] === SPACE ? 1 : 0;
      if (bytes[this.at + 1 + space] !== QUOTE) return;
      this.at += 1 + space;
      this.skipText();
    }
  }

  #skipKey(): void {
    this.skipText();
    this.expect(COLON);
  }

  /** A text, which may have escapes. */
  skipText(): void {
    this.expect(QUOTE);
    let at = this.at;
    for (;;) {
      at = this.#special(at, 0);
      const byte = this.#bytes[at];
      if (byte === QUOTE) break;
      if (byte !== BACKSLASH) throw new NotRead();
      at = this.#afterEscape(at + 1);
    }
    this.at = at + 1;
  }

  #afterEscape(at: number): number {
    const bytes = this.#bytes;
    const byte = bytes[at] ?? 0;
    if (byte !== 0x75) {
      if (!isEscape(byte)) throw new NotRead();
      return at + 1;
    }
    for (let index = at + 1; index <= at + 4; index++) if (!isHex(bytes[index] ?? 0)) throw new NotRead();
    return at + 5;
  }

  /**
   * The next quote, backslash or control character, or byte that is not ASCII if `high` is -1; the length if there is none. Looks at four
   * bytes at a time.
   */
  #special(from: number, high: number): number {
    const bytes = this.#bytes;
    const view = this.#view;
    const last = bytes.length - 4;
    let at = from;
    for (; at <= last; at += 4) {
      const word = view.getInt32(at, true);
      const quote = word ^ 0x22222222;
      const slash = word ^ 0x5c5c5c5c;
      const hit =
        (((quote - 0x01010101) & ~quote) |
          ((slash - 0x01010101) & ~slash) |
          ((word - 0x20202020) & ~word) |
          (word & high)) &
        0x80808080;
      // The lowest of the bits is right; those above it may come from what was borrowed.
      if (hit !== 0) return at + ((31 - Math.clz32(hit & -hit)) >> 3);
    }
    for (; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE || byte === BACKSLASH || byte < SPACE || (byte & high) > 0x7f) return at;
    }
    return at;
  }

  #skipNumber(): void {
    const bytes = this.#bytes;
    let at = this.at;
    if (bytes[at] === 0x2d) at++;
    const first = bytes[at];
    const start = at;
    at = this.#afterDigits(at);
    if (first === ZERO && at > start + 1) throw new NotRead();
    if (bytes[at] === 0x2e) at = this.#afterDigits(at + 1);
    if (((bytes[at] ?? 0) | 0x20) === 0x65) {
      at++;
      if (bytes[at] === 0x2b || bytes[at] === 0x2d) at++;
      at = this.#afterDigits(at);
    }
    this.at = at;
  }

  /** At least one. */
  #afterDigits(from: number): number {
    const bytes = this.#bytes;
    let at = from;
    while (isDigit(bytes[at] ?? 0)) at++;
    if (at === from) throw new NotRead();
    return at;
  }

  #literal(): void {
    for (const literal of literals) {
      if (this.#bytes[this.at] !== literal[0]) continue;
      for (let index = 0; index < literal.length; index++)
        if (this.#bytes[this.at + index] !== literal[index]) throw new NotRead();
      this.at += literal.length;
      return;
    }
    throw new NotRead();
  }
}

const literals: readonly Buffer[] = ["null", "true", "false"].map((text) => Buffer.from(text));

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

function isHex(byte: number): boolean {
  const letter = byte | 0x20;
  return isDigit(byte) || (letter >= 0x61 && letter <= 0x66);
}

/** One of `"\/bfnrt`. */
function isEscape(byte: number): boolean {
  return escapes.includes(byte);
}

const escapes: Buffer = Buffer.from('"\\/bfnrt');
