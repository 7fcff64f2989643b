import { printable, type RawScalar, type RawValue } from "./attributes.ts";
import { fieldBits, tagOf } from "./fields.ts";
import { BYTES, FIXED64, type ProtoReader, VARINT } from "./reader.ts";
import { NameTable, TextCache, textOf } from "./text.ts";
import { DOUBLE, NO_VALUE, OTHER, SMALL_INT, TEXT, type ValueForm } from "./value-forms.ts";

// opentelemetry/proto/common/v1/common.proto
const KEY = tagOf(1, BYTES);
const VALUE = tagOf(2, BYTES);
const KEY_VALUE_FIELDS = fieldBits(1, 2);

const STRING_VALUE = tagOf(1, BYTES);
const BOOL_VALUE = tagOf(2, VARINT);
const INT_VALUE = tagOf(3, VARINT);
const DOUBLE_VALUE = tagOf(4, FIXED64);
const ARRAY_VALUE = tagOf(5, BYTES);
const MAP_VALUE = tagOf(6, BYTES);
const BYTES_VALUE = tagOf(7, BYTES);
const VALUE_FIELDS = fieldBits(1, 2, 3, 4, 5, 6, 7);

/** Texts of all bodies. */
export const texts: TextCache = new TextCache(4096);

/** What a key stands for; `repeats`: its texts come again, so they are taken from the cache. */
interface Kept {
  readonly repeats: boolean;
}

/** Reads KeyValue messages: finds what the key stands for, and looks at the value if the key is kept, but never into an array or a map. */
export class KeyValueReader<K extends Kept> {
  /** Of the last value whose key is kept. */
  form: ValueForm = NO_VALUE;
  /** Where the value stands in the body, as a text or a double; a small integer itself. */
  place = 0;
  /** Bytes of a text, below 128. */
  length = 0;
  /** A value of another form. null: it is no scalar. */
  other: RawValue | undefined = undefined;
  private readonly names: NameTable<K>;

  constructor(names: Iterable<readonly [string, K]>) {
    this.names = new NameTable(names);
  }

  /** Reads a KeyValue and returns what its key stands for, undefined for a key that is not kept. */
  next(reader: ProtoReader, where: string): K | undefined {
    // As every encoder writes it: the key, then the value, their lengths in a byte each.
    const { bytes, pos, end } = reader;
    const length = pos < end ? (bytes[pos] as number) : 0;
    if (length >= 4 && length < 0x80 && length < end - pos && bytes[pos + 1] === KEY) {
      const keyLength = bytes[pos + 2] as number;
      const valueAt = pos + 5 + keyLength;
      const valueLength = length - 4 - keyLength;
      // Below zero where the key overruns: then equal to no byte.
      if (bytes[valueAt - 2] === VALUE && bytes[valueAt - 1] === valueLength) {
        const kept = this.names.find(reader.view, pos + 3, keyLength);
        reader.pos = pos + 1 + length;
        this.look(reader, where, valueAt, valueLength, kept);
        return kept;
      }
    }
    return this.nextSlow(reader, where);
  }

  private nextSlow(reader: ProtoReader, where: string): K | undefined {
    const outer = reader.enter(where);
    let kept: K | undefined;
    let valueAt = reader.pos;
    let valueLength = 0;
    while (reader.pos < reader.end) {
      const tag = reader.tag(where);
      if (tag === KEY) {
        const length = reader.length(where);
        kept = this.names.find(reader.view, reader.pos, length);
        reader.pos += length;
      } else if (tag === VALUE) {
        valueLength = reader.length(where);
        valueAt = reader.pos;
        reader.pos += valueLength;
      } else reader.skip(tag, KEY_VALUE_FIELDS, where);
    }
    reader.leave(outer);
    this.look(reader, where, valueAt, valueLength, kept);
    return kept;
  }

  /** The last value, read, for a text; undefined if it is no scalar. `reader` still has its body. */
  scalar({ bytes, view }: ProtoReader): RawScalar | undefined {
    switch (this.form) {
      case TEXT:
        return texts.text(bytes, view, this.place, this.length);
      case DOUBLE:
        return printable(view.getFloat64(this.place, true));
      case SMALL_INT:
        return this.place;
      default:
        return printable(this.other);
    }
  }

  /** Looks at the AnyValue at `at`. */
  private look(reader: ProtoReader, where: string, at: number, length: number, kept: K | undefined): void {
    if (kept === undefined) return;
    const { bytes } = reader;
    const first = length > 0 ? bytes[at] : 0;
    if (first === STRING_VALUE && bytes[at + 1] === length - 2 && length < 0x82) {
      this.form = TEXT;
      this.place = at + 2;
      this.length = length - 2;
      return;
    }
    if (first === DOUBLE_VALUE && length === 9) {
      this.form = DOUBLE;
      this.place = at + 1;
      return;
    }
    const small = first === INT_VALUE ? smallInt(bytes, at + 1, at + length) : -1;
    if (small >= 0) {
      this.form = SMALL_INT;
      this.place = small;
      return;
    }
    this.other = this.read(reader, where, at, length, kept.repeats);
    this.form = this.other === undefined ? NO_VALUE : OTHER;
  }

  private read(
    reader: ProtoReader,
    where: string,
    at: number,
    length: number,
    repeats: boolean,
  ): RawValue | undefined {
    const { pos, end } = reader;
    reader.pos = at;
    reader.end = at + length;
    const value = readValue(reader, where, repeats);
    reader.pos = pos;
    reader.end = end;
    return value;
  }
}

/** The varint that is all of the bytes from `at` to `end`; -1 where it is not, or is 2^31 or more. */
function smallInt(bytes: Buffer, at: number, end: number): number {
  let value = 0;
  for (let pos = at, shift = 0; pos < end && shift <= 28; pos++, shift += 7) {
    const byte = bytes[pos] as number;
    // Of the fifth byte, three bits are left.
    if (shift === 28 && byte > 7) return -1;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return pos === end - 1 ? value : -1;
  }
  return -1;
}

/** Reads the AnyValue between `pos` and `end`, of which the last field holds: null if it is no scalar, undefined if there is none. */
function readValue(reader: ProtoReader, where: string, repeats: boolean): RawValue | undefined {
  let value: RawValue | undefined;
  while (reader.pos < reader.end) {
    const tag = reader.tag(where);
    if (tag === STRING_VALUE) {
      const length = reader.length(where);
      value = repeats
        ? texts.text(reader.bytes, reader.view, reader.pos, length)
        : textOf(reader.bytes, reader.pos, length);
      reader.pos += length;
    } else if (tag === INT_VALUE) value = reader.int64(where);
    else if (tag === DOUBLE_VALUE) value = reader.double(where);
    else if (tag === BOOL_VALUE) value = reader.int64(where) !== 0;
    else if (tag === ARRAY_VALUE || tag === MAP_VALUE || tag === BYTES_VALUE) {
      value = null;
      reader.skip(tag, 0, where);
    } else reader.skip(tag, VALUE_FIELDS, where);
  }
  return value;
}
