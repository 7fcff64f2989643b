import type { Attributes } from "@opentelemetry/api";
import { type ProtobufWriter, utf8Bytes, varintBytes } from "./protobuf-writer.ts";

// opentelemetry/proto/common/v1/common.proto: KeyValue and AnyValue. A tag is field << 3 | wire type.
const KEY = 0x0a;
const VALUE = 0x12;
const STRING_VALUE = 0x0a;
const BOOL_VALUE = 0x10;
const INT_VALUE = 0x18;
const DOUBLE_VALUE = 0x21;
const ARRAY_VALUE = 0x2a;
const ARRAY_VALUES = 0x0a;
const INT64_LIMIT = 2 ** 63;

/**
 * Writes each attribute as a KeyValue field. A whole number within int64 is an int, as OpenTelemetry's own
 * transformer has it; what is no attribute value is written as an empty one.
 */
export function writeAttributes(writer: ProtobufWriter, tag: number, attributes: Attributes): void {
  for (const key in attributes) {
    if (Object.hasOwn(attributes, key)) writeAttribute(writer, tag, key, attributes[key]);
  }
}

export function writeAttribute(writer: ProtobufWriter, tag: number, key: string, value: unknown): void {
  if (Array.isArray(value)) {
    writeArrayAttribute(writer, tag, key, value);
    return;
  }
  // Lengths first: then nothing is written twice or moved.
  const keyBytes = utf8Bytes(key);
  const textBytes = typeof value === "string" ? utf8Bytes(value) : 0;
  const valueBytes = scalarBytes(value, textBytes);
  writer.header(tag, 1 + varintBytes(keyBytes) + keyBytes + 1 + varintBytes(valueBytes) + valueBytes);
  writer.string(KEY, key, keyBytes);
  writer.header(VALUE, valueBytes);
  writeScalar(writer, value, textBytes);
}

/** As `writeAttribute`, with the bytes of the key's field. */
export function writeAttributeOf(writer: ProtobufWriter, tag: number, key: Uint8Array, value: unknown): void {
  if (Array.isArray(value)) {
    const attribute = writer.begin(tag);
    writer.raw(key);
    writeArray(writer, value);
    writer.end(attribute);
    return;
  }
  const textBytes = typeof value === "string" ? utf8Bytes(value) : 0;
  const valueBytes = scalarBytes(value, textBytes);
  writer.header(tag, key.length + 1 + varintBytes(valueBytes) + valueBytes);
  writer.short(key);
  writer.header(VALUE, valueBytes);
  writeScalar(writer, value, textBytes);
}

function writeArrayAttribute(writer: ProtobufWriter, tag: number, key: string, values: unknown[]): void {
  const attribute = writer.begin(tag);
  writer.string(KEY, key);
  writeArray(writer, values);
  writer.end(attribute);
}

function writeArray(writer: ProtobufWriter, values: unknown[]): void {
  const value = writer.begin(VALUE);
  const array = writer.begin(ARRAY_VALUE);
  for (const item of values) {
    const textBytes = typeof item === "string" ? utf8Bytes(item) : 0;
    writer.header(ARRAY_VALUES, scalarBytes(item, textBytes));
    writeScalar(writer, item, textBytes);
  }
  writer.end(array);
  writer.end(value);
}

function scalarBytes(value: unknown, textBytes: number): number {
  switch (typeof value) {
    case "string":
      return 1 + varintBytes(textBytes) + textBytes;
    case "number":
      return isInt64(value) ? 1 + varintBytes(value) : 9;
    case "boolean":
      return 2;
    default:
      return 0;
  }
}

function writeScalar(writer: ProtobufWriter, value: unknown, textBytes: number): void {
  if (typeof value === "string") writer.string(STRING_VALUE, value, textBytes);
  else if (typeof value === "boolean") writer.unsigned(BOOL_VALUE, value ? 1 : 0);
  else if (typeof value === "number") {
    if (isInt64(value)) writer.int64(INT_VALUE, value);
    else writer.double(DOUBLE_VALUE, value);
  }
}

function isInt64(value: number): boolean {
  return Number.isInteger(value) && value >= -INT64_LIMIT && value < INT64_LIMIT;
}
