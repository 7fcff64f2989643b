import { printable, type RawScalar, type RawValue } from "../attributes.ts";
import { DIGITS, NO_VALUE, OTHER, SMALL_INT, TEXT, type ValueForm } from "../value-forms.ts";
import { type FieldNames, messageFields } from "./fields.ts";
import { MAX_NUMBER_CHARS, numberOf } from "./numbers.ts";
import type { JsonReader } from "./reader.ts";
import { readDouble, readInteger } from "./scalars.ts";
import { type ObjectFields, readNow } from "./structure.ts";
import {
  DOUBLE_PLACE,
  INTEGER_PLACE,
  isDouble,
  isInteger,
  isString,
  LOOKED_AT,
  STRING_QUOTE,
} from "./usual.ts";

const STRING_VALUE = 0;
const BOOL_VALUE = 1;
const INT_VALUE = 2;
const DOUBLE_VALUE = 3;
/** And what follows, all of which counts as a value that is no scalar. */
const NO_SCALAR = 4;
const fields = [
  "stringValue",
  "boolValue",
  "intValue",
  "doubleValue",
  "arrayValue",
  "kvlistValue",
  "bytesValue",
];
const names = messageFields(fields);
/** No field has been read. */
const NOTHING = fields.length;

/** Longest text that is left in the body: so many bytes are no more than is kept, even if none of them is UTF-8. */
const MAX_LEFT_BYTES = 341;

const ZERO = 0x30;
const NINE = 0x39;
const QUOTE = 0x22;
const CLOSE_OBJECT = 0x7d;
/** Of `null`, which counts as if the field were not there. It is not written as usual. */
const LETTER_N = 0x6e;

/**
 * Reads an AnyValue as far as it is a scalar. A text counts before a boolean, that before an integer, that before a double, and
 * that before what is no scalar or cannot be read.
 */
export class AnyValueReader implements ObjectFields {
  readonly names: FieldNames<number> = names;
  /** Of the last value. */
  form: ValueForm = NO_VALUE;
  /** Where its text or its digits stand in the body; a small integer itself. */
  place = 0;
  /** Bytes of the text or the digits. */
  length = 0;
  /** A value of another form. null: it is no scalar, or cannot be read. */
  other: RawValue | undefined = undefined;
  readonly #reader: JsonReader;
  /** Of what was read, the field that counts. */
  #field = NOTHING;

  constructor(reader: JsonReader) {
    this.#reader = reader;
  }

  forget(): void {
    this.form = NO_VALUE;
    this.other = undefined;
    this.#field = NOTHING;
  }

  /** Reads the object that comes next. */
  readObject(): void {
    if (!this.#readUsual()) readNow(this.#reader, this);
  }

  /** Reads an object of one value that is written as usual. If it is not, nothing is read. */
  #readUsual(): boolean {
    const reader = this.#reader;
    const { bytes, view, end, pos } = reader;
    if (pos + LOOKED_AT > end) return false;
    this.forget();
    reader.value();
    if (isString(view, pos)) {
      reader.pos = pos + STRING_QUOTE;
      this.#text();
    } else if (isInteger(view, pos)) {
      reader.pos = pos + INTEGER_PLACE;
      if (reader.peek() !== LETTER_N) this.#integer();
    } else if (isDouble(view, pos)) {
      reader.pos = pos + DOUBLE_PLACE;
      if (reader.peek() !== LETTER_N) this.#double();
    } else return false;
    if (reader.pos < end && bytes[reader.pos] === CLOSE_OBJECT) {
      reader.pos++;
      return true;
    }
    reader.pos = pos;
    return false;
  }

  read(field: number): undefined {
    const reader = this.#reader;
    if (field > this.#field) return void reader.skip();
    switch (field) {
      case STRING_VALUE:
        if (reader.kind() === "string") this.#text();
        else this.#skip();
        break;
      case BOOL_VALUE: {
        const kind = reader.kind();
        this.#skip();
        if (kind === "true" || kind === "false") this.#is(field, OTHER, kind === "true");
        break;
      }
      case INT_VALUE:
        this.#integer();
        break;
      case DOUBLE_VALUE:
        this.#double();
        break;
      default:
        this.#skip();
    }
  }

  /** The value, read, for a text; undefined if there is none. */
  get scalar(): RawScalar | undefined {
    const { bytes } = this.#reader;
    switch (this.form) {
      case TEXT:
        return bytes.toString("utf8", this.place, this.place + this.length);
      case DIGITS:
        return printable(numberOf(bytes, this.place, this.length));
      case SMALL_INT:
        return this.place;
      default:
        return printable(this.other);
    }
  }

  #text(): void {
    const reader = this.#reader;
    reader.string();
    if (reader.hasEscapes || reader.textLength > MAX_LEFT_BYTES) this.#is(STRING_VALUE, OTHER, reader.text());
    else this.#left(STRING_VALUE, TEXT, reader.textStart, reader.textLength);
  }

  #integer(): void {
    const reader = this.#reader;
    const small = smallInteger(reader);
    if (small >= 0) {
      this.#left(INT_VALUE, SMALL_INT, small, 0);
      return;
    }
    this.#read(INT_VALUE, readInteger(reader));
  }

  #double(): void {
    const reader = this.#reader;
    if (reader.kind() === "number") {
      const start = reader.skipNumber();
      const length = reader.pos - start;
      if (length <= MAX_NUMBER_CHARS) this.#left(DOUBLE_VALUE, DIGITS, start, length);
      else this.#read(DOUBLE_VALUE, undefined);
      return;
    }
    this.#read(DOUBLE_VALUE, readDouble(reader));
  }

  #skip(): void {
    this.#reader.skip();
    this.#read(NO_SCALAR, undefined);
  }

  #read(field: number, value: RawScalar | undefined): void {
    if (value !== undefined) this.#is(field, OTHER, value);
    else if (this.#field > NO_SCALAR) this.#is(NO_SCALAR, OTHER, null);
  }

  #is(field: number, form: ValueForm, value: RawValue): void {
    this.#field = field;
    this.form = form;
    this.other = value;
  }

  #left(field: number, form: ValueForm, place: number, length: number): void {
    this.#field = field;
    this.form = form;
    this.place = place;
    this.length = length;
    this.other = undefined;
  }
}

/** Reads an integer of up to nine digits, as text or as a number; -1 if it is none, and then nothing is read. */
function smallInteger(reader: JsonReader): number {
  const { bytes, end } = reader;
  reader.peek();
  const quotes = bytes[reader.pos] === QUOTE ? 1 : 0;
  const start = reader.pos + quotes;
  let at = start;
  let value = 0;
  for (const last = Math.min(end, start + 9); at < last; at++) {
    const byte = bytes[at] as number;
    if (byte < ZERO || byte > NINE) break;
    value = value * 10 + byte - ZERO;
  }
  if (at === start || at >= end) return -1;
  const stop = bytes[at] as number;
  if (quotes === 1) {
    if (stop !== QUOTE) return -1;
    reader.pos = at + 1;
    return value;
  }
  // A number: no fraction, no exponent, no more digits; a zero only by itself.
  const isOver = stop === 0x2c || stop === 0x7d || stop === 0x5d || stop === 0x20;
  if (!isOver || (bytes[start] === ZERO && at - start > 1)) return -1;
  reader.pos = at;
  return value;
}
