import { semconv } from "@slipstream/conventions";
import { printable, type RawValue } from "../attributes.ts";
import { OtlpError } from "../errors.ts";
import type { Resource } from "../model.ts";
import { cutText } from "../text.ts";
import type { Time } from "../time.ts";

export type JsonObject = { readonly [key: string]: unknown };

/** Parses a body that must be a JSON object. */
export function parseJson(body: Uint8Array): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OtlpError("malformed", `Not JSON: ${reason.slice(0, 200)}`);
  }
  return objectOf(value, "body");
}

function wrongType(where: string, wanted: string): OtlpError {
  return new OtlpError("wrong_type", `Not OTLP: ${where} is not ${wanted}.`, where);
}

export function objectOf(value: unknown, where: string): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw wrongType(where, "an object");
}

/** A field by its camelCase or its snake_case name; null counts as absent. */
export function field(object: JsonObject, camel: string, snake: string = camel): unknown {
  return object[camel] ?? object[snake] ?? undefined;
}

export function objectField(
  object: JsonObject,
  where: string,
  camel: string,
  snake?: string,
): JsonObject | undefined {
  const value = field(object, camel, snake);
  return value === undefined ? undefined : objectOf(value, `${where}.${camel}`);
}

/** Calls `each` with every object of a list; an absent list is empty. */
export function forEachIn(
  object: JsonObject,
  where: string,
  names: readonly [camel: string, snake: string],
  each: (item: JsonObject, where: string) => void,
): void {
  const list = field(object, names[0], names[1]);
  if (list === undefined) return;
  const at = where === "" ? names[0] : `${where}.${names[0]}`;
  if (!Array.isArray(list)) throw wrongType(at, "an array");
  list.forEach((item: unknown, index) => {
    // The path is made only where it is needed, for it costs more than the item.
    if (typeof item !== "object" || item === null || Array.isArray(item))
      throw wrongType(`${at}[${index}]`, "an object");
    each(item as JsonObject, at);
  });
}

/** The text of a string field, "" where it is absent. */
export function textField(object: JsonObject, where: string, camel: string, snake?: string): string {
  const value = field(object, camel, snake);
  if (value === undefined) return "";
  if (typeof value !== "string") throw wrongType(`${where}.${camel}`, "a string");
  return cutText(wellFormed(value));
}

/** Half a surrogate pair is no character. */
const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, "\ufffd");

const HEX = /^[0-9a-f]*$/i;

/** The words of an id in hex; undefined where it is not of this many words. */
export function idField(
  object: JsonObject,
  where: string,
  camel: string,
  snake: string,
): readonly number[] | undefined {
  const text = field(object, camel, snake) ?? "";
  if (typeof text !== "string") throw wrongType(`${where}.${camel}`, "a string");
  if (text.length % 8 !== 0 || text.length > 32 || !HEX.test(text)) return undefined;
  const words: number[] = [];
  for (let at = 0; at < text.length; at += 8) words.push(Number.parseInt(text.slice(at, at + 8), 16) | 0);
  return words;
}

const INTEGER = /^-?[0-9]{1,19}$/;

/** An int64: a string of digits, or a number. undefined where it is absent or no integer. */
export function integerOf(value: unknown): number | bigint | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : undefined;
  if (typeof value !== "string" || !INTEGER.test(value)) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : BigInt.asIntN(64, BigInt(value));
}

/** A double: a number, or a string as protobuf's JSON writes NaN and the infinities. */
export function doubleOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const number = Number(value);
  return Number.isNaN(number) && value !== "NaN" ? undefined : number;
}

/** Sets `time` from nanoseconds, a string of digits or a number; zero where it is neither. */
export function setTimeField(time: Time, object: JsonObject, camel: string, snake: string): void {
  const value = field(object, camel, snake);
  time.ms = 0;
  time.nanos = 0;
  if (typeof value === "string" && /^[0-9]{1,20}$/.test(value)) {
    time.ms = Number(value.slice(0, -6));
    time.nanos = Number(value.slice(-6));
  } else if (typeof value === "number" && value >= 0 && value < 2 ** 64) {
    time.ms = Math.floor(value / 1e6);
    time.nanos = value - time.ms * 1e6;
  }
}

/** An enum as its number or its name. */
export function enumOf(value: unknown, names: readonly string[]): number {
  if (typeof value === "string") return Math.max(0, names.indexOf(value));
  return typeof value === "number" && Number.isInteger(value) ? value : 0;
}

/** Calls `each` with the key and the scalar of every attribute that has one. */
export function forEachAttribute(
  object: JsonObject,
  where: string,
  each: (key: string, value: JsonObject) => void,
): void {
  forEachIn(object, where, ["attributes", "attributes"], (item, at) => {
    const key = item.key;
    if (typeof key !== "string") throw wrongType(`${at}[].key`, "a string");
    const value = field(item, "value");
    if (value !== undefined) each(key, objectOf(value, `${at}[${key}].value`));
  });
}

const VALUES = ["string", "bool", "int", "double", "array", "kvlist", "bytes"] as const;

/** The scalar in an AnyValue; null for arrays, maps, bytes and what cannot be read; undefined if it has no value. */
export function scalarOf(value: JsonObject): RawValue | undefined {
  const text = field(value, "stringValue", "string_value");
  if (typeof text === "string") return cutText(wellFormed(text));
  const flag = field(value, "boolValue", "bool_value");
  if (typeof flag === "boolean") return flag;
  const number =
    integerOf(field(value, "intValue", "int_value")) ?? doubleOf(field(value, "doubleValue", "double_value"));
  const isThere = VALUES.some((name) => field(value, `${name}Value`, `${name}_value`) !== undefined);
  return number ?? (isThere ? null : undefined);
}

const resourceFields = new Map<string, "service" | "instance" | "desk">([
  [semconv.serviceName, "service"],
  [semconv.serviceInstanceId, "instance"],
  [semconv.desk, "desk"],
]);

export function resourceOf(parent: JsonObject, where: string): Resource {
  const resource = { service: "unknown_service", instance: "", desk: "" };
  const object = objectField(parent, where, "resource");
  if (object === undefined) return resource;
  forEachAttribute(object, `${where}.resource`, (key, value) => {
    const name = resourceFields.get(key);
    if (name === undefined) return;
    const scalar = printable(scalarOf(value));
    if (scalar !== undefined && scalar !== "") resource[name] = String(scalar);
  });
  return resource;
}
