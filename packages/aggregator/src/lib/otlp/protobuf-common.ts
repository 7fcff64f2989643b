import { semconv } from "@slipstream/conventions";
import type { RawScalar } from "./attributes.ts";
import type { Resource } from "./model.ts";
import { BYTES, FIXED64, type ProtoReader, VARINT } from "./reader.ts";
import { NameTable, TextCache, textOf } from "./text.ts";

/** Arrays and maps in an attribute's value may nest this deep. */
export const MAX_VALUE_DEPTH = 32;

/** A field's tag and the bits by which `ProtoReader.skip` knows the fields that are read. */
export const tagOf = (field: number, wireType: number): number => field * 8 + wireType;
export const fieldBits = (...fields: readonly number[]): number =>
  fields.reduce((bits, field) => bits | (1 << field), 0);

/** Texts of all bodies. */
export const texts: TextCache = new TextCache(4096);

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

/** Reads KeyValue messages: first finds what the key stands for, then reads or skips the value. */
export class KeyValueReader<Kept> {
  private readonly names: NameTable<Kept>;
  /** Where the value of the last `key` begins and ends; both 0 where it had none. */
  private valueStart = 0;
  private valueEnd = 0;

  constructor(names: Iterable<readonly [string, Kept]>) {
    this.names = new NameTable(names);
  }

  /** Steps over a KeyValue and returns what its key stands for, undefined for a key that is not kept. */
  key(reader: ProtoReader, where: string): Kept | undefined {
    const outer = reader.enter(where);
    let kept: Kept | undefined;
    this.valueStart = 0;
    this.valueEnd = 0;
    while (reader.pos < reader.end) {
      const tag = reader.tag(where);
      if (tag === KEY) {
        const length = reader.length(where);
        kept = this.names.find(reader.bytes, reader.pos, length);
        reader.pos += length;
      } else if (tag === VALUE) {
        const length = reader.length(where);
        this.valueStart = reader.pos;
        reader.pos += length;
        this.valueEnd = reader.pos;
        // Values are skipped unread, but one that nests too deep is no OTLP wherever it stands.
        const first = length > 0 ? reader.bytes[this.valueStart] : 0;
        if (first === ARRAY || first === MAP) this.checkNesting(reader, where);
      } else reader.skip(tag, KEY_VALUE_FIELDS, where);
    }
    reader.leave(outer);
    return kept;
  }

  /** The value of the last `key`, undefined where it is no scalar. `repeats`: take texts from the cache. */
  value(reader: ProtoReader, where: string, repeats: boolean): RawScalar | undefined {
    const { pos, end } = reader;
    reader.pos = this.valueStart;
    reader.end = this.valueEnd;
    let value: RawScalar | undefined;
    while (reader.pos < reader.end) {
      const tag = reader.tag(where);
      if (tag === STRING) {
        const length = reader.length(where);
        value = repeats
          ? texts.text(reader.bytes, reader.pos, length)
          : textOf(reader.bytes, reader.pos, length);
        reader.pos += length;
      } else if (tag === INT) value = reader.int64(where);
      else if (tag === DOUBLE) value = reader.double(where);
      else if (tag === BOOL) value = reader.int64(where) !== 0;
      else if (tag === ARRAY || tag === MAP) {
        reader.take(reader.length(where), where);
        value = undefined;
      } else reader.skip(tag, VALUE_FIELDS, where);
    }
    reader.pos = pos;
    reader.end = end;
    return value;
  }

  private checkNesting(reader: ProtoReader, where: string): void {
    const { pos, end } = reader;
    reader.pos = this.valueStart;
    reader.end = this.valueEnd;
    checkValue(reader, where, 1);
    reader.pos = pos;
    reader.end = end;
  }
}

/** Walks the AnyValue that lies between `pos` and `end`. */
function checkValue(reader: ProtoReader, where: string, depth: number): void {
  if (depth > MAX_VALUE_DEPTH) {
    throw reader.malformed("too_deep", `a value of more than ${MAX_VALUE_DEPTH} levels`, where);
  }
  while (reader.pos < reader.end) {
    const tag = reader.tag(where);
    if (tag === ARRAY || tag === MAP) {
      const outer = reader.enter(where);
      while (reader.pos < reader.end) {
        const item = reader.tag(where);
        if (item !== LIST_ITEM) reader.skip(item, 0, where);
        else checkItem(reader, where, depth, tag === MAP);
      }
      reader.leave(outer);
    } else reader.skip(tag, VALUE_FIELDS, where);
  }
}

function checkItem(reader: ProtoReader, where: string, depth: number, ofMap: boolean): void {
  const outer = reader.enter(where);
  if (!ofMap) checkValue(reader, where, depth + 1);
  while (reader.pos < reader.end) {
    const tag = reader.tag(where);
    if (tag !== VALUE) {
      reader.skip(tag, 0, where);
      continue;
    }
    const item = reader.enter(where);
    checkValue(reader, where, depth + 1);
    reader.leave(item);
  }
  reader.leave(outer);
}

// opentelemetry/proto/resource/v1/resource.proto
const RESOURCE_ATTRIBUTES = tagOf(1, BYTES);
const RESOURCE_FIELDS = fieldBits(1);
const WHERE_RESOURCE = "Resource";

const resourceKeys = new KeyValueReader<"service" | "instance" | "desk">([
  [semconv.serviceName, "service"],
  [semconv.serviceInstanceId, "instance"],
  [semconv.desk, "desk"],
]);

export const unknownResource: Resource = { service: "unknown_service", instance: "", desk: "" };

/** Reads a Resource message; `before` is what an earlier part of the same message said. */
export function readResource(reader: ProtoReader, before: Resource): Resource {
  const outer = reader.enter(WHERE_RESOURCE);
  const resource = { service: before.service, instance: before.instance, desk: before.desk };
  while (reader.pos < reader.end) {
    const tag = reader.tag(WHERE_RESOURCE);
    if (tag !== RESOURCE_ATTRIBUTES) {
      reader.skip(tag, RESOURCE_FIELDS, WHERE_RESOURCE);
      continue;
    }
    const key = resourceKeys.key(reader, "Resource.attributes");
    if (key === undefined) continue;
    const value = resourceKeys.value(reader, "Resource.attributes", true);
    if (value !== undefined && value !== "") resource[key] = String(value);
  }
  reader.leave(outer);
  return resource;
}
