import type { RawScalar } from "./attributes.ts";
import { fieldBits, tagOf } from "./fields.ts";
import { BYTES, FIXED64, type ProtoReader, VARINT } from "./reader.ts";
import { NameTable, TextCache, textOf } from "./text.ts";

/** Arrays and maps in an attribute's value may nest this deep. */
export const MAX_VALUE_DEPTH = 32;

// opentelemetry/proto/common/v1/common.proto
const KEY = tagOf(1, BYTES);
const VALUE = tagOf(2, BYTES);
const KEY_VALUE_FIELDS = fieldBits(1, 2);

const STRING = tagOf(1, BYTES);
const BOOL = tagOf(2, VARINT);
const INT = tagOf(3, VARINT);
const DOUBLE = tagOf(4, FIXED64);
const ARRAY = tagOf(5, BYTES);
const MAP = tagOf(6, BYTES);
const VALUE_FIELDS = fieldBits(1, 2, 3, 4, 5, 6);

const LIST_ITEM = tagOf(1, BYTES);

/** Texts of all bodies. */
export const texts: TextCache = new TextCache(4096);

/** What a key stands for; `repeats`: its texts come again, so they are taken from the cache. */
interface Kept {
  readonly repeats: boolean;
}

/** Reads KeyValue messages: finds what the key stands for, then reads the value or skips it. */
export class KeyValueReader<K extends Kept> {
  /** Value of the last key that was kept; undefined where it is no scalar. */
  value: RawScalar | undefined = undefined;
  /** Where the value is a text that does not come again: its place in the body, not read yet. Else 0. */
  textAt = 0;
  /** Bytes of that text, below 128. */
  textLength = 0;
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
        this.read(reader, where, valueAt, valueLength, kept);
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
    this.read(reader, where, valueAt, valueLength, kept);
    return kept;
  }

  /** Reads the AnyValue at `at`, only to see how deep it nests where it is not kept. */
  private read(reader: ProtoReader, where: string, at: number, length: number, kept: K | undefined): void {
    const first = length > 0 ? reader.bytes[at] : 0;
    this.textAt = 0;
    if (kept !== undefined && first === STRING && reader.bytes[at + 1] === length - 2 && length < 0x82) {
      if (kept.repeats) {
        this.value = texts.text(reader.bytes, reader.view, at + 2, length - 2);
        return;
      }
      this.value = undefined;
      this.textAt = at + 2;
      this.textLength = length - 2;
    } else if (kept !== undefined && first === DOUBLE && length === 9) {
      this.value = reader.view.getFloat64(at + 1, true);
    } else if (kept !== undefined || first === ARRAY || first === MAP) {
      const { pos, end } = reader;
      reader.pos = at;
      reader.end = at + length;
      this.value = readValue(reader, where, kept === undefined || kept.repeats, 1);
      reader.pos = pos;
      reader.end = end;
    }
  }
}

/** Reads the AnyValue between `pos` and `end`, of which the last field holds; undefined where it is no scalar. */
function readValue(
  reader: ProtoReader,
  where: string,
  repeats: boolean,
  depth: number,
): RawScalar | undefined {
  if (depth > MAX_VALUE_DEPTH) {
    throw reader.malformed("too_deep", `a value of more than ${MAX_VALUE_DEPTH} levels`, where);
  }
  let value: RawScalar | undefined;
  while (reader.pos < reader.end) {
    const tag = reader.tag(where);
    if (tag === STRING) {
      const length = reader.length(where);
      value = repeats
        ? texts.text(reader.bytes, reader.view, reader.pos, length)
        : textOf(reader.bytes, reader.pos, length);
      reader.pos += length;
    } else if (tag === INT) value = reader.int64(where);
    else if (tag === DOUBLE) value = reader.double(where);
    else if (tag === BOOL) value = reader.int64(where) !== 0;
    else if (tag === ARRAY || tag === MAP) {
      value = undefined;
      checkItems(reader, where, tag, depth);
    } else reader.skip(tag, VALUE_FIELDS, where);
  }
  return value;
}

/** Walks an array or a map, only to see how deep it nests. */
function checkItems(reader: ProtoReader, where: string, kind: number, depth: number): void {
  const outer = reader.enter(where);
  while (reader.pos < reader.end) {
    const tag = reader.tag(where);
    if (tag !== LIST_ITEM) {
      reader.skip(tag, fieldBits(1), where);
      continue;
    }
    const list = reader.enter(where);
    if (kind === ARRAY) checkValue(reader, where, depth + 1);
    else checkEntry(reader, where, depth + 1);
    reader.leave(list);
  }
  reader.leave(outer);
}

function checkEntry(reader: ProtoReader, where: string, depth: number): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag(where);
    if (tag !== VALUE) {
      reader.skip(tag, fieldBits(2), where);
      continue;
    }
    const outer = reader.enter(where);
    checkValue(reader, where, depth);
    reader.leave(outer);
  }
}

function checkValue(reader: ProtoReader, where: string, depth: number): void {
  if (depth > MAX_VALUE_DEPTH) {
    throw reader.malformed("too_deep", `a value of more than ${MAX_VALUE_DEPTH} levels`, where);
  }
  while (reader.pos < reader.end) {
    const tag = reader.tag(where);
    if (tag === ARRAY || tag === MAP) checkItems(reader, where, tag, depth);
    else reader.skip(tag, 0, where);
  }
}
