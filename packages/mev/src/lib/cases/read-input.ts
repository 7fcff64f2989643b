import { hasCode, type SlipstreamError } from "@slipstream/conventions";
import { parseBlock } from "@slipstream/solana/block";
import { decodeBlock } from "../swaps/decode-block.ts";
import type { InputCase } from "./input-case.ts";
import { InputError } from "./input-error.ts";
import { type PlacedValue, readEvents } from "./read-events.ts";

/** The input of `slipstream detect`, for messages. */
const expected =
  "expected cases ([{case, events}]), swap events (an array, or one per line) or a getBlock answer";

/**
 * Reads swaps. The format is recognized by its shape: an array of cases, an array of events, one event (or
 * case) per line, or a raw `getBlock` answer with or without its JSON-RPC envelope.
 * @param name Name of the file, for a case that has no name.
 * @param slot Slot of the block, if the input is one and its slot is known.
 * @throws InputError with the place of the problem.
 */
export function readInput(text: string, name: string, slot: number | null = null): InputCase[] {
  const trimmed = text.replace(/^\uFEFF/, "").trim();
  if (trimmed === "") throw new InputError("", `the input is empty; ${expected}`);
  const lines = trimmed.startsWith("{") ? jsonLines(trimmed) : undefined;
  if (lines !== undefined) return fromValues(lines, name);
  const value = parseJson(trimmed);
  if (isBlock(value)) return [fromBlock(value, name, slot)];
  if (Array.isArray(value)) {
    return fromValues(
      value.map((item: unknown, index) => ({ value: item, place: `[${index}]` })),
      name,
    );
  }
  return fromValues([{ value, place: "" }], name);
}

/** The values of a text with one value per line; undefined if the text is a single value. */
function jsonLines(text: string): PlacedValue[] | undefined {
  const end = text.indexOf("\n");
  if (end === -1 || !isJson(text.slice(0, end))) return undefined;
  return text.split("\n").flatMap((line, index): PlacedValue[] => {
    if (line.trim() === "") return [];
    const place = `line ${index + 1}`;
    return [{ value: parseJson(line, place), place }];
  });
}

function fromValues(values: readonly PlacedValue[], name: string): InputCase[] {
  if (values.length === 0) return [];
  for (const { value, place } of values) {
    if (!isObject(value)) throw new InputError(place, `${expected}, received ${typeName(value)}`);
  }
  const first = values[0]?.value;
  if (isObject(first) && "events" in first) return values.map(fromCase);
  if (values.length === 1 && isObject(first) && !("id" in first) && !("tokenIn" in first)) {
    throw new InputError(
      values[0]?.place ?? "",
      `${expected}; the keys ${keysOf(first)} match none of these`,
    );
  }
  return [{ name, swaps: readEvents(values), attempts: [], transfers: [], notes: [] }];
}

function fromCase({ value, place }: PlacedValue): InputCase {
  const at = (key: string): string =>
    place === "" ? key : `${place}${place.startsWith("line ") ? ": " : "."}${key}`;
  const { case: name, events } = isObject(value) ? value : {};
  if (typeof name !== "string" && typeof name !== "number") {
    throw new InputError(at("case"), `expected a name, received ${typeName(name)}`);
  }
  if (!Array.isArray(events))
    throw new InputError(at("events"), `expected an array, received ${typeName(events)}`);
  const values = events.map((event: unknown, index) => ({ value: event, place: at(`events[${index}]`) }));
  return { name: String(name), swaps: readEvents(values), attempts: [], transfers: [], notes: [] };
}

function fromBlock(value: unknown, name: string, slot: number | null): InputCase {
  try {
    const block = decodeBlock(parseBlock(value), slot);
    const { swaps, attempted, transfers, undecoded } = block;
    const programs = { decoded: block.decodedPrograms, unknown: block.unknownPrograms };
    const notes = undecoded.map(({ id, reason }) => `swap ${id} was not searched: ${reason}`);
    return { name, swaps, attempts: attempted, transfers, notes, programs };
  } catch (error) {
    if (hasCode(error, "bad_block")) throw new InputError(error.field ?? "", withoutField(error));
    throw error;
  }
}

function withoutField({ field, message }: SlipstreamError): string {
  return field === undefined || field === "" ? message : message.replace(`${field}: `, "");
}

/** A block, or what a node answered instead of one: both are explained where blocks are parsed. */
function isBlock(value: unknown): boolean {
  if (Array.isArray(value)) return value.some((item) => isObject(item) && "jsonrpc" in item);
  if (typeof value === "string") return true;
  if (!isObject(value)) return false;
  if ("transaction" in value && "meta" in value) return true;
  return ["transactions", "blockhash", "result", "error", "jsonrpc"].some((key) => key in value);
}

function parseJson(text: string, place = ""): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new InputError(place, `not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function keysOf(value: Readonly<Record<string, unknown>>): string {
  return Object.keys(value).slice(0, 6).join(", ") || "(none)";
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "nothing";
  return Array.isArray(value) ? "array" : typeof value;
}
