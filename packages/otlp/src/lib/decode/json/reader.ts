import { OtlpError, tooManyItems, tooManyValues } from "../errors.ts";
import type { DecodeLimits } from "../limits.ts";
import { STEP_BYTES, STEP_ITEMS } from "../steps.ts";
import type { FieldNames } from "./fields.ts";
import { MAX_NUMBER_CHARS, numberOf, skipNumber } from "./numbers.ts";
import { escapeLength, plainText, Unescaped } from "./text.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** 1 for each byte that a string may hold as it is, without an escape. */
const plain: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 0x20 || byte === QUOTE || byte === BACKSLASH ? 0 : 1,
);
const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

const literals = ["true", "false", "null"].map((text) => Buffer.from(text));
/** More than any body has; small enough to be an integer to the engine of JavaScript. */
const MANY = 0x3fff_ffff;
const MOST_WRONG = 100;
/** Beside as many bytes as the body has, so many may be read a second time. */
const AGAIN_BYTES = 65_536;
const USUAL_DEPTH = 256;

/** What stands next. */
export type ValueKind = "object" | "array" | "string" | "number" | "true" | "false" | "null";

/**
 * Reads JSON in place, token by token, and builds nothing. It is as strict as JSON.parse, to which what is no UTF-8 is
 * U+FFFD.
 *
 * A value of a wrong type is no error at once: it may turn out to be an earlier one of two with the same name, of which the
 * last holds. `wrong` keeps it until the end.
 */
export class JsonReader {
  readonly bytes: Buffer;
  readonly view: DataView;
  /** Next byte to read. */
  pos = 0;
  /** First byte that must not be read now: of the body, or of the longest that may stand here. */
  end = 0;
  /** Where to pause. */
  pauseAt: number = STEP_BYTES;
  /** Items read so far. */
  items = 0;
  #pauseAtItem: number = STEP_ITEMS;

  /** Of the last string: where its text stands, in the body or, if it had escapes, beside it. */
  textBytes: Buffer;
  textView: DataView;
  textStart = 0;
  textLength = 0;
  hasEscapes = false;

  readonly #limits: DecodeLimits;
  readonly #wrong: OtlpError[] = [];
  readonly #unescaped = new Unescaped();
  #depth = 0;
  #valuesLeft: number = MANY;
  #where = "value";
  #inItem = false;
  /** Bytes that were read again because a name was repeated. */
  #readAgain = 0;
  /** The objects and arrays that `skipSome` is in: 1 for an object. No longer than twice what is skipped. */
  #nesting: Uint8Array = new Uint8Array(USUAL_DEPTH);
  #skipping = false;
  #skipFrom = 0;

  constructor(body: Uint8Array, limits: DecodeLimits) {
    this.bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    this.view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    this.textBytes = this.bytes;
    this.textView = this.view;
    this.#limits = limits;
    this.resume();
  }

  // Pauses and limits.

  /** Whether it is time for a pause. */
  get isDue(): boolean {
    return this.pos >= this.pauseAt || this.items >= this.#pauseAtItem;
  }

  /** After a pause. */
  resume(): void {
    if (this.#inItem) return;
    this.pauseAt = this.pos + STEP_BYTES;
    this.#pauseAtItem = this.items + STEP_ITEMS;
    this.#widen();
  }

  #widen(): void {
    this.end = Math.min(this.bytes.length, this.pos + this.#limits.maxItemBytes);
  }

  /** Counts an item that is about to be read. @throws OtlpError if those are too many */
  item(): void {
    this.items++;
    if (this.items > this.#limits.maxItems) throw tooManyItems(this.#limits.maxItems);
    this.#widen();
  }

  /** Before something that is read without a pause: its bytes and values are bounded. */
  enter(where: string): void {
    this.#widen();
    this.#where = where;
    this.#valuesLeft = Math.min(MANY, this.#limits.maxItemValues);
    this.pauseAt += MANY;
    this.#inItem = true;
  }

  leave(): void {
    this.#inItem = false;
    this.#valuesLeft = MANY;
    this.pauseAt -= MANY;
    this.#where = "value";
  }

  /** Counts bytes that are read a second time. @throws OtlpError if those are more than the body has */
  again(bytes: number): void {
    this.#readAgain += bytes;
    if (this.#limits.maxItems < MANY && this.#readAgain > this.bytes.length + AGAIN_BYTES)
      throw new OtlpError("too_many", "Too many names of the body are repeated; send each name once.");
  }

  /** Counts a value of something that is read without a pause. @throws OtlpError if those are too many */
  value(): void {
    if (--this.#valuesLeft < 0) throw tooManyValues(this.#limits.maxItemValues, this.#where);
  }

  // Values of a wrong type.

  /** Notes a value of the wrong type. */
  wrong(where: string, wanted: string): void {
    if (this.#wrong.length >= MOST_WRONG) return;
    this.#wrong.push(new OtlpError("wrong_type", `Not OTLP: ${where} is not ${wanted}.`, where));
  }

  get wrongs(): number {
    return this.#wrong.length;
  }

  /** Forgets what was noted after there were `count`. */
  forgive(count: number): void {
    this.#wrong.length = count;
  }

  throwIfWrong(): void {
    const [first] = this.#wrong;
    if (first !== undefined) throw first;
  }

  // Structure.

  /** The first byte of what comes next, after spaces. @throws OtlpError if nothing does */
  peek(): number {
    const { bytes, end } = this;
    let { pos } = this;
    while (pos < end) {
      const byte = bytes[pos] as number;
      if (byte > 0x20) {
        this.pos = pos;
        return byte;
      }
      if (!isSpace(byte)) break;
      pos++;
    }
    this.pos = pos;
    throw this.unexpected();
  }

  /** Whether only spaces are left, as far as may be looked now. */
  atEnd(): boolean {
    while (this.pos < this.end && isSpace(this.bytes[this.pos] as number)) this.pos++;
    return this.pos === this.bytes.length;
  }

  /** What kind of value comes next. */
  kind(): ValueKind {
    const byte = this.peek();
    if (byte === QUOTE) return "string";
    if (byte === OPEN_OBJECT) return "object";
    if (byte === OPEN_ARRAY) return "array";
    if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) return "number";
    if (byte === 0x74) return "true";
    if (byte === 0x66) return "false";
    if (byte === 0x6e) return "null";
    throw this.unexpected();
  }

  /** Goes into an object; false if it is empty, and then it is over. */
  openObject(): boolean {
    return this.#open(CLOSE_OBJECT);
  }

  openArray(): boolean {
    return this.#open(CLOSE_ARRAY);
  }

  #open(close: number): boolean {
    this.#deeper();
    this.pos++;
    if (this.peek() !== close) return true;
    this.pos++;
    this.#depth--;
    return false;
  }

  /** Goes back into an object that is over, to read some of it again. */
  descend(): void {
    this.#depth++;
  }

  ascend(): void {
    this.#depth--;
  }

  #deeper(): void {
    if (++this.#depth < this.#nesting.length) return;
    const longer = new Uint8Array(2 * this.#nesting.length);
    longer.set(this.#nesting);
    this.#nesting = longer;
  }

  /** Whether another member follows; if not, the object is over. */
  nextMember(): boolean {
    return this.#next(CLOSE_OBJECT);
  }

  nextItem(): boolean {
    return this.#next(CLOSE_ARRAY);
  }

  #next(close: number): boolean {
    const byte = this.peek();
    this.pos++;
    if (byte === COMMA) return true;
    if (byte !== close) {
      this.pos--;
      throw this.unexpected();
    }
    this.#depth--;
    return false;
  }

  /** Reads a member's name and the colon. Gives what the name stands for, undefined if it is not known. */
  name<Value>(names: FieldNames<Value>): Value | undefined {
    if (this.peek() !== QUOTE) throw this.unexpected();
    this.value();
    const value = this.known(names);
    this.#colon();
    return value;
  }

  /** Reads a string and gives what it stands for, undefined if it is not known. `pos` is at the quote. */
  known<Value>(names: FieldNames<Value>): Value | undefined {
    const guess = names.guess(this.view, this.pos + 1, this.end);
    if (guess !== undefined) {
      this.pos += guess.length + 2;
      return guess.value;
    }
    this.string();
    return this.hasEscapes
      ? names.ofEscaped(this.text())
      : names.find(this.view, this.textStart, this.textLength);
  }

  #colon(): void {
    if (this.peek() !== COLON) throw this.unexpected();
    this.pos++;
  }

  // Scalars.

  /** Reads a string; its text is in `textBytes` then. `pos` is at the quote. */
  string(): void {
    const end = this.#scanString();
    this.textStart = this.pos + 1;
    this.textLength = end - this.textStart;
    this.pos = end + 1;
    if (!this.hasEscapes) {
      this.textBytes = this.bytes;
      this.textView = this.view;
      return;
    }
    this.#unescaped.read(this.bytes, this.textStart, end);
    this.textBytes = this.#unescaped.bytes;
    this.textView = this.#unescaped.view;
    this.textStart = 0;
    this.textLength = this.#unescaped.length;
  }

  /** The text of the last string, no longer than is kept. */
  text(): string {
    return plainText(this.textBytes, this.textStart, this.textLength);
  }

  /** Where the string at `pos` ends: the place of its last quote. Says whether it has escapes. */
  #scanString(): number {
    const { bytes, end } = this;
    let at = this.pos + 1;
    this.hasEscapes = false;
    for (;;) {
      while (at < end && plain[bytes[at] as number] === 1) at++;
      if (at >= end) throw this.#ends();
      const byte = bytes[at] as number;
      if (byte === QUOTE) return at;
      if (byte !== BACKSLASH) {
        this.pos = at;
        throw this.unexpected();
      }
      this.hasEscapes = true;
      at += escapeLength(bytes, at, bytes.length);
    }
  }

  /** Steps over a number, and gives where it began. */
  skipNumber(): number {
    const start = this.pos;
    this.pos = skipNumber(this.bytes, start, this.end);
    if (this.pos < 0) {
      this.pos = start;
      throw this.unexpected();
    }
    if (this.pos === this.end && this.end < this.bytes.length) throw this.#ends();
    return start;
  }

  /** Reads a number; NaN if it is too long to be one of ours. */
  number(): number {
    const start = this.skipNumber();
    const length = this.pos - start;
    return length > MAX_NUMBER_CHARS ? Number.NaN : numberOf(this.bytes, start, length);
  }

  /** Steps over `true`, `false` or `null`. */
  literal(): void {
    const { bytes, pos } = this;
    for (const text of literals) {
      if (bytes[pos] !== text[0]) continue;
      if (pos + text.length > this.end) throw this.#ends();
      for (let at = 1; at < text.length; at++) {
        if (bytes[pos + at] !== text[at]) throw this.unexpected();
      }
      this.pos = pos + text.length;
      return;
    }
    throw this.unexpected();
  }

  /** Steps over a null, if that is what comes next. */
  isNull(): boolean {
    if (this.peek() !== 0x6e) return false;
    this.literal();
    return true;
  }

  // Skipping.

  /** Steps over a value without a pause. */
  skip(): void {
    while (!this.skipSome()) this.resume();
  }

  /** Steps over a value, or a part of it: false if it is time for a pause, after which it is called again. */
  skipSome(): boolean {
    if (!this.#skipping) {
      if (this.pos >= this.pauseAt) return false;
      this.#skipFrom = this.#depth;
      if (this.#skipValue()) return true;
      this.#skipping = true;
    }
    while (this.pos < this.pauseAt) {
      const isObject = this.#nesting[this.#depth] === 1;
      if (!(isObject ? this.nextMember() : this.nextItem())) {
        if (this.#depth === this.#skipFrom) {
          this.#skipping = false;
          return true;
        }
        continue;
      }
      if (isObject) this.#skipName();
      this.#skipValue();
    }
    return false;
  }

  #skipName(): void {
    this.value();
    if (this.peek() !== QUOTE) throw this.unexpected();
    this.pos = this.#scanString() + 1;
    this.#colon();
  }

  /** Steps over a scalar, and into an object or an array. True if `#depth` is where the skipping began. */
  #skipValue(): boolean {
    for (;;) {
      this.value();
      const byte = this.peek();
      if (byte === QUOTE) this.pos = this.#scanString() + 1;
      else if (byte === OPEN_OBJECT) {
        if (this.openObject()) {
          this.#nesting[this.#depth] = 1;
          this.#skipName();
          continue;
        }
      } else if (byte === OPEN_ARRAY) {
        if (this.openArray()) {
          this.#nesting[this.#depth] = 0;
          continue;
        }
      } else if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) this.skipNumber();
      else this.literal();
      return this.#depth === this.#skipFrom;
    }
  }

  // Errors.

  unexpected(): OtlpError {
    const { bytes, pos } = this;
    if (pos >= this.end) return this.#ends();
    const shown = JSON.stringify(bytes.toString("latin1", pos, Math.min(pos + 12, bytes.length)));
    return new OtlpError("malformed", `Not JSON: ${shown} is not expected at byte ${pos}.`);
  }

  #ends(): OtlpError {
    if (this.end >= this.bytes.length)
      return new OtlpError("malformed", "Not JSON: the body ends in the middle of a value.");
    const { maxItemBytes } = this.#limits;
    return new OtlpError(
      "too_large",
      `A ${this.#where} of the body is larger than ${maxItemBytes} bytes at byte ${this.pos}; set a limit on the length of attributes.`,
    );
  }
}
