import { isSecretAttribute, isSecretFlag, secretRanges } from "@slipstream/conventions";
import type { Masking } from "./masking.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const COLON = 0x3a;
const COMMA = 0x2c;
const LETTER_U = 0x75;
/** More than the decoder reads. */
const MAX_DEPTH = 128;
/** Stands in base64 for zeros. */
const LETTER_A = 0x41;
/** A longer name is none that is known. */
const LONGEST_NAME = 1_024;
/** So many bytes are read in a step. */
const STEP_BYTES = 524_288;

/** An object or list that is open. */
interface Frame {
  readonly isList: boolean;
  /** The object whose member "value" this is in: the attribute that the texts in it belong to. */
  readonly owner: Frame | undefined;
  readonly start: number;
  /** The name of the member that is being read. */
  name: string;
  isName: boolean;
  /** Its member "key". */
  key: string | undefined;
  /** Texts of its member "value": from, to, and whether it is base64. */
  texts: number[] | undefined;
}

/**
 * Overwrites the secrets of an OTLP request in JSON, at one pass over its bytes. Of what is not JSON it leaves what it cannot read.
 *
 * @param found where fragments were found, ascending; undefined: they may be written in escapes, so every text is searched
 */
export function* scrubJson(
  masking: Masking,
  found: readonly number[] | undefined,
): Generator<void, void, void> {
  const { bytes } = masking;
  let frame: Frame | undefined;
  const stack: Frame[] = [];
  let next = 0;
  let yieldedAt = 0;
  /** Asked with a `from` that never falls by more than an attribute's length. */
  const isFound = (from: number, to: number): boolean => {
    if (found === undefined) return true;
    while (next > 0 && (found[next - 1] as number) >= from) next--;
    while (next < found.length && (found[next] as number) < from) next++;
    return next < found.length && (found[next] as number) < to;
  };
  /** How many more are open than are looked into. */
  let deeper = 0;
  const open = (isList: boolean, start: number): void => {
    if (stack.length >= MAX_DEPTH) {
      deeper += 1;
      return;
    }
    const owner = frame?.name === "value" && !frame.isList ? frame : frame?.owner;
    frame = { isList, owner, start, name: "", isName: !isList, key: undefined, texts: undefined };
    stack.push(frame);
  };
  /** @returns the attribute that ends there, if it may hold a secret */
  const close = (end: number): Frame | undefined => {
    if (deeper > 0) {
      deeper -= 1;
      return undefined;
    }
    const closed = stack.pop();
    frame = stack.at(-1);
    if (closed?.texts === undefined) return undefined;
    // Of a secret attribute, all that is in it is a secret.
    const outer = closed.owner;
    if (outer !== undefined) {
      outer.texts ??= [];
      for (const part of closed.texts) outer.texts.push(part);
    }
    return isFound(closed.start, end) ? closed : undefined;
  };
  /** @returns whether the text is to be searched by itself */
  const text = (from: number, to: number): boolean => {
    if (frame === undefined || deeper > 0) return false;
    if (frame.isName) {
      frame.name = to - from <= 64 ? textOf(masking, from, to).text : "";
      return false;
    }
    const { owner, name } = frame;
    if (name === "key") frame.key = to - from <= LONGEST_NAME ? textOf(masking, from, to).text : "";
    else if (owner !== undefined) {
      const isBase64 = name === "bytesValue" || name === "bytes_value";
      if (!isBase64 && name !== "stringValue" && name !== "string_value") return false;
      owner.texts ??= [];
      owner.texts.push(from, to, isBase64 ? 1 : 0);
    } else return isFound(from, to);
    return false;
  };
  for (let at = 0; at < bytes.length; at++) {
    switch (bytes[at]) {
      case QUOTE: {
        const end = stringEnd(bytes, at + 1);
        if (text(at + 1, end)) yield* search(masking, at + 1, end);
        at = end;
        break;
      }
      case OPEN:
        open(false, at);
        break;
      case OPEN_LIST:
        open(true, at);
        break;
      case CLOSE:
      case CLOSE_LIST: {
        const closed = close(at);
        if (closed !== undefined) yield* scrubAttribute(masking, closed.key ?? "", closed.texts ?? []);
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

function* scrubAttribute(
  masking: Masking,
  key: string,
  texts: readonly number[],
): Generator<void, void, void> {
  const isSecret = isSecretAttribute(key);
  let follows = false;
  for (let at = 0; at < texts.length; at += 3) {
    const [from, to, isBase64] = texts.slice(at, at + 3) as [number, number, number];
    const mayBeFlag = texts.length > 3 && to - from <= LONGEST_NAME;
    const isFlag = mayBeFlag && isSecretFlag(textOf(masking, from, to).text);
    if (isSecret || (follows && !isFlag)) masking.mask(from, to, isBase64 === 1 ? LETTER_A : undefined);
    else if (isBase64 === 0) yield* search(masking, from, to, key);
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

function stringEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
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
