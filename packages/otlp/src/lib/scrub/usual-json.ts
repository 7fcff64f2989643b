import {
  DOUBLE_PLACE,
  INTEGER_PLACE,
  isDouble,
  isInteger,
  isKey,
  isString,
  isValue,
  KEY_QUOTE,
  LOOKED_AT,
  STRING_QUOTE,
  VALUE_COLON,
} from "../decode/json/usual.ts";
import type { Masking } from "./masking.ts";
import { ALL_OF_IT, attributeWays, isClean } from "./usual-texts.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const CLOSE = 0x7d;
/** A longer text is read closely, in steps. */
const LONGEST = 32_768;
const ways = attributeWays();

/**
 * Where an attribute ends that is written as every exporter writes it, `{"key":"...","value":{"stringValue":"..."}}` without escapes, and
 * that is known to hold no secret; -1 for any other: it is to be read closely.
 */
export function afterUsualAttribute(masking: Masking, at: number): number {
  const { bytes, view } = masking;
  const last = bytes.length - LOOKED_AT;
  if (at > last || !isKey(view, at)) return -1;
  const nameAt = at + KEY_QUOTE + 1;
  const guess = ways.guess(view, nameAt, bytes.length, QUOTE);
  const nameEnd = guess === undefined ? quoteAfter(bytes, nameAt) : nameAt + guess.length;
  if (nameEnd < 0) return -1;
  const way = guess === undefined ? ways.find(view, nameAt, nameEnd - nameAt) : guess.value;
  const colonAt = nameEnd + 1 + VALUE_COLON;
  const valueAt = colonAt + 1;
  if (valueAt > last || !isValue(view, nameEnd + 1) || bytes[colonAt] !== COLON) return -1;
  if (isString(view, valueAt)) {
    const from = valueAt + STRING_QUOTE + 1;
    const to = quoteAfter(bytes, from);
    if (to < 0 || bytes[to + 1] !== CLOSE || bytes[to + 2] !== CLOSE) return -1;
    if (way === undefined || way === ALL_OF_IT) return -1;
    return isClean(masking, from, to, way) ? to + 3 : -1;
  }
  if (isInteger(view, valueAt)) return afterNumber(bytes, valueAt + INTEGER_PLACE);
  return isDouble(view, valueAt) ? afterNumber(bytes, valueAt + DOUBLE_PLACE) : -1;
}

/** The place of the quote that ends a string; -1 if it has an escape, is long, or does not end. */
function quoteAfter(bytes: Uint8Array, from: number): number {
  const stop = Math.min(from + LONGEST, bytes.length);
  let at = from;
  while (at < stop && bytes[at] !== QUOTE && bytes[at] !== BACKSLASH) at++;
  return bytes[at] === QUOTE ? at : -1;
}

/** Where an attribute ends whose number stands at `at`, quoted or not; -1 if it is none, or more comes after it. */
function afterNumber(bytes: Uint8Array, at: number): number {
  let pos = at;
  while (isOfNumber(bytes[pos])) pos++;
  return bytes[pos] === CLOSE && bytes[pos + 1] === CLOSE ? pos + 2 : -1;
}

function isOfNumber(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  // Digits, sign, point, exponent, and the quotes around an integer.
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    byte === QUOTE ||
    byte === 0x2d ||
    byte === 0x2e ||
    (byte | 0x20) === 0x65
  );
}
