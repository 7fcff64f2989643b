import type { Time } from "../time.ts";
import { MAX_NUMBER_CHARS } from "./numbers.ts";
import type { JsonReader } from "./reader.ts";
import { hexDigits } from "./text.ts";

const ZERO = 0x30;
const NINE = 0x39;

/** The text of a string that comes next, undefined if something else does: then that is stepped over. */
export function readText(reader: JsonReader): string | undefined {
  if (reader.kind() !== "string") {
    reader.skip();
    return undefined;
  }
  reader.string();
  return reader.text();
}

/** The 32-bit words of an id. */
export class IdWords {
  /** How many there are; -1 if what was read is no id. */
  count = 0;
  readonly words: Int32Array = new Int32Array(4);

  /** Reads an id in hex, of 0 to 4 words. */
  read(reader: JsonReader, where: string): void {
    this.count = 0;
    if (reader.kind() !== "string") {
      reader.wrong(where, "a string");
      reader.skip();
      return;
    }
    reader.string();
    const { textBytes, textStart, textLength } = reader;
    this.count = textLength % 8 === 0 && textLength <= 32 ? textLength / 8 : -1;
    for (let index = 0; index < this.count; index++) {
      let word = 0;
      let bad = 0;
      for (let at = textStart + index * 8, end = at + 8; at < end; at++) {
        const digit = hexDigits[textBytes[at] as number] as number;
        bad |= digit;
        word = (word << 4) | digit;
      }
      if (bad < 0) this.count = -1;
      else this.words[index] = word;
    }
  }
}

/** Reads nanoseconds, a string of digits or a number; zero if it is neither. */
export function readTime(reader: JsonReader, time: Time): void {
  time.ms = 0;
  time.nanos = 0;
  const kind = reader.kind();
  if (kind === "string") {
    reader.string();
    const { textBytes, textStart, textLength } = reader;
    if (textLength < 1 || textLength > 20) return;
    const split = textLength - 6;
    let ms = 0;
    let nanos = 0;
    for (let index = 0; index < textLength; index++) {
      const byte = textBytes[textStart + index] as number;
      if (byte < ZERO || byte > NINE) return;
      if (index < split) ms = ms * 10 + byte - ZERO;
      else nanos = nanos * 10 + byte - ZERO;
    }
    time.ms = ms;
    time.nanos = nanos;
  } else if (kind === "number") {
    const value = reader.number();
    if (value >= 0 && value < 2 ** 64) {
      time.ms = Math.floor(value / 1e6);
      time.nanos = value - time.ms * 1e6;
    }
  } else reader.skip();
}

/** Reads an enum, its number or its name; 0 if it is neither. */
export function readEnum(reader: JsonReader, names: readonly string[]): number {
  const kind = reader.kind();
  if (kind === "string") return Math.max(0, names.indexOf(readText(reader) ?? ""));
  if (kind !== "number") {
    reader.skip();
    return 0;
  }
  const value = reader.number();
  return Number.isInteger(value) ? value : 0;
}

const INTEGER = /^-?[0-9]{1,19}$/;

/** Reads an int64, a string of digits or a number; undefined if it is no integer. */
export function readInteger(reader: JsonReader): number | bigint | undefined {
  const kind = reader.kind();
  if (kind === "number") {
    const value = reader.number();
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const text = readText(reader);
  if (text === undefined || !INTEGER.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt.asIntN(64, BigInt(text));
}

/** Reads a double, a number or a string as protobuf's JSON writes NaN and the infinities; undefined if it is none. */
export function readDouble(reader: JsonReader): number | undefined {
  if (reader.kind() === "number") return reader.number();
  const text = readText(reader);
  if (text === undefined || text.trim() === "" || text.length >= MAX_NUMBER_CHARS) return undefined;
  const value = Number(text);
  return Number.isNaN(value) && text !== "NaN" ? undefined : value;
}
