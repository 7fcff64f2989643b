import { isSecretAttribute, isSecretFlag, secretRanges } from "@slipstream/conventions";
import { FieldNames } from "../decode/json/fields.ts";
import { FragmentPlaces } from "./fragments.ts";
import type { Masking } from "./masking.ts";
import { afterUsualAttribute } from "./usual-json.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const COLON = 0x3a;
const COMMA = 0x2c;
const LETTER_U = 0x75;
/** Stands in base64 for zeros. */
const LETTER_A = 0x41;
/** A longer name of an attribute is none that is known, nor is a longer one of a member. */
const LONGEST_NAME = 1_024;
const LONGEST_MEMBER = 64;
/** Objects and lists are searched this deep: some ten levels are OTLP's own, and a level of a nested value takes four. */
const MAX_DEPTH = 144;
/** So many bytes are read in a step, and so many texts of an attribute. */
const STEP_BYTES = 65_536;
const STEP_TEXTS = 512;

/** What a member's name says of its value. */
const OTHER = 0;
const KEY = 1;
const VALUE = 2;
const TEXT = 3;
const BASE64 = 4;
const names = new FieldNames([
  ["key", KEY],
  ["value", VALUE],
  ["stringValue", TEXT],
  ["string_value", TEXT],
  ["bytesValue", BASE64],
  ["bytes_value", BASE64],
]);

/** An object or a list that is open. */
class Frame {
  isList = false;
  start = 0;
  /** The object whose member "value" this is in: the attribute that the texts in it belong to. */
  owner: Frame | undefined = undefined;
  /** Whether a name comes next, and the name of the member that is being read. */
  isName = false;
  name: number = OTHER;
  // Where the text of its member "key" stands.
  keyFrom = 0;
  keyTo = 0;
  /** Of the texts that were noted, the first in its member "value"; -1: it has no such member. */
  firstText = -1;

  open(isList: boolean, start: number, owner: Frame | undefined): void {
    this.isList = isList;
    this.start = start;
    this.owner = owner;
    this.isName = !isList;
    this.name = OTHER;
    this.keyFrom = this.keyTo = 0;
    this.firstText = -1;
  }
}

/**
 * Overwrites the secrets of an OTLP request in JSON, in one pass over its bytes. If it is not JSON, what cannot be read stays as it is.
 */
export function* scrubJson(masking: Masking): Generator<void, void, void> {
  const { bytes, view } = masking;
  /** Of the attribute that is open. */
  const fragments = new FragmentPlaces(bytes);
  /** By depth. A frame is used again for what opens there next. */
  const frames: Frame[] = [];
  let depth = 0;
  let frame: Frame | undefined;
  /** Texts of attributes that are open: from, to, and TEXT or BASE64. */
  const texts: number[] = [];
  let yieldedAt = 0;

  for (let at = 0; at < bytes.length; at++) {
    switch (bytes[at]) {
      case QUOTE: {
        const from = at + 1;
        const guess = frame?.isName ? names.guess(view, from, bytes.length) : undefined;
        let to = guess === undefined ? stringEnd(bytes, from) : from + guess.length;
        // A long one is read in steps.
        for (; to < bytes.length && bytes[to] !== QUOTE; to = stringEnd(bytes, to)) yield;
        at = to;
        if (frame === undefined) break;
        const { name, owner } = frame;
        if (guess !== undefined) frame.name = guess.value ?? OTHER;
        else if (frame.isName) frame.name = nameOf(masking, from, to);
        else if (name === KEY) {
          frame.keyFrom = from;
          frame.keyTo = to;
        } else if (owner === undefined) {
          // A long one is looked at piece by piece.
          if (to - from > STEP_BYTES || masking.mayHoldSecret(from, to)) yield* search(masking, from, to);
        } else if (name === TEXT || name === BASE64) texts.push(from, to, name);
        break;
      }
      case OPEN:
      case OPEN_LIST: {
        if (depth === MAX_DEPTH) {
          at = yield* cut(masking, at);
          break;
        }
        let owner = frame?.owner;
        if (owner === undefined) {
          const after = afterUsualAttribute(masking, at);
          if (after > at) {
            at = after - 1;
            break;
          }
        }
        if (frame?.name === VALUE) {
          if (owner === undefined) fragments.startAt(frame.start);
          owner = frame;
          if (frame.firstText < 0) frame.firstText = texts.length;
        }
        frame = frames[depth] ??= new Frame();
        frame.open(bytes[at] === OPEN_LIST, at, owner);
        depth++;
        break;
      }
      case CLOSE:
      case CLOSE_LIST: {
        if (frame === undefined) break;
        const { start, owner, keyFrom, keyTo, firstText } = frame;
        depth--;
        frame = frames[depth - 1];
        if (firstText < 0) break;
        if (firstText < texts.length && (masking.isOdd(start, at) || (yield* fragments.areIn(start, at)))) {
          const key = keyTo - keyFrom <= LONGEST_NAME ? textOf(masking, keyFrom, keyTo).text : "";
          yield* scrubAttribute(masking, key, texts.slice(firstText));
        }
        // Of a secret attribute, all that is in it is a secret: they are texts of the attribute around it too.
        if (owner === undefined) texts.length = firstText;
        break;
      }
      case COLON:
        if (frame !== undefined) frame.isName = false;
        break;
      case COMMA:
        if (frame !== undefined) frame.isName = !frame.isList;
        break;
    }
    if (at - yieldedAt < STEP_BYTES) continue;
    yieldedAt = at;
    yield;
  }
}

/**
 * Makes a text of stars out of an object or a list that nests too deep to be searched.
 *
 * @returns where it ends; the end of the body if it does not, and then it is no JSON and stays as it is
 */
function* cut(masking: Masking, start: number): Generator<void, number, void> {
  const { bytes } = masking;
  let depth = 0;
  let yieldedAt = start;
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) at = stringEnd(bytes, at + 1);
    else if (byte === OPEN || byte === OPEN_LIST) depth++;
    else if (byte === CLOSE || byte === CLOSE_LIST) depth--;
    if (depth === 0) {
      masking.mask(start, at + 1);
      bytes[start] = QUOTE;
      bytes[at] = QUOTE;
      return at;
    }
    if (at - yieldedAt < STEP_BYTES) continue;
    yieldedAt = at;
    yield;
  }
  return bytes.length;
}

function nameOf(masking: Masking, from: number, to: number): number {
  const { bytes, view } = masking;
  if (to - from > LONGEST_MEMBER) return OTHER;
  const name = names.find(view, from, to - from);
  if (name !== undefined) return name;
  for (let at = from; at < to; at++)
    if (bytes[at] === BACKSLASH) return names.ofEscaped(textOf(masking, from, to).text) ?? OTHER;
  return OTHER;
}

function* scrubAttribute(
  masking: Masking,
  key: string,
  texts: readonly number[],
): Generator<void, void, void> {
  const isSecret = isSecretAttribute(key);
  let follows = false;
  for (let at = 0; at < texts.length; at += 3) {
    if (at % (3 * STEP_TEXTS) === 0 && at > 0) yield;
    const [from, to, kind] = texts.slice(at, at + 3) as [number, number, number];
    const isBase64 = kind === BASE64;
    const mayBeFlag = texts.length > 3 && to - from <= LONGEST_NAME;
    const isFlag = mayBeFlag && isSecretFlag(textOf(masking, from, to).text);
    if (isSecret || (follows && !isFlag)) masking.mask(from, to, isBase64 ? LETTER_A : undefined);
    else if (!isBase64) yield* search(masking, from, to, key);
    else yield* searchBytes(masking, from, to, key);
    follows = isFlag;
  }
}

/** Overwrites all of a base64 text if there is a secret in it. */
function* searchBytes(masking: Masking, from: number, to: number, key: string): Generator<void, void, void> {
  let holds = false;
  const searchPiece = (start: number, end: number): void => {
    holds ||= secretRanges(bytesOf(masking.letters(start, end)), key).length > 0;
  };
  // Four letters are three bytes.
  yield* masking.inPieces(from, to, searchPiece, (at) => at - ((at - from) % 4));
  if (holds) masking.mask(from, to, LETTER_A);
}

function bytesOf(base64: string): string {
  return Buffer.from(base64, "base64").toString("latin1");
}

function* search(
  masking: Masking,
  from: number,
  to: number,
  attribute?: string,
): Generator<void, void, void> {
  const searchPiece = (start: number, end: number): void => {
    if (attribute === undefined && !masking.mayHoldSecret(start, end)) return;
    const { text, places = undefined } = textOf(masking, start, end);
    const placeOf = (at: number): number => (places === undefined ? start + at : (places[at] ?? end));
    for (const [first, last] of secretRanges(text, attribute))
      masking.maskLetters(placeOf(first), placeOf(last), start, end);
  };
  yield* masking.inPieces(from, to, searchPiece, (at, before) => afterEscape(masking.bytes, at, before));
}

/** The first place from `at` that is not within an escape. @param before one that is not */
function afterEscape(bytes: Uint8Array, at: number, before: number): number {
  // "\u00e9"
  for (let back = at - 1; back >= Math.max(before, at - 5); back--) {
    if (bytes[back] !== BACKSLASH) continue;
    let first = back;
    while (first > before && bytes[first - 1] === BACKSLASH) first--;
    const isEscape = (back - first) % 2 === 0;
    return isEscape ? Math.max(at, back + (bytes[back + 1] === LETTER_U ? 6 : 2)) : at;
  }
  return at;
}

/** Where a string ends, or a place in it some way on: not within an escape, and not a quote. */
function stringEnd(bytes: Uint8Array, from: number): number {
  const stop = Math.min(from + STEP_BYTES, bytes.length);
  let at = from;
  while (at < stop && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return Math.min(at, bytes.length);
}

const escapes: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** A text as it is meant. `places`: where each of its letters stands in the body; undefined: one after the other. */
function textOf(
  masking: Masking,
  from: number,
  to: number,
): { readonly text: string; readonly places?: readonly number[] } {
  const raw = masking.letters(from, to);
  if (!raw.includes("\\")) return { text: raw };
  const places: number[] = [];
  let text = "";
  for (let at = 0; at < raw.length; ) {
    places.push(from + at);
    if (raw[at] !== "\\") {
      text += raw[at++];
      continue;
    }
    const letter = raw[at + 1] ?? "";
    const code = letter === "u" ? Number.parseInt(raw.slice(at + 2, at + 6), 16) : Number.NaN;
    text += Number.isNaN(code) ? (escapes[letter] ?? letter) : String.fromCharCode(code);
    at += Number.isNaN(code) ? 2 : 6;
  }
  places.push(to);
  return { text, places };
}
