import { isSecretAttribute, isSecretFlag, secretRanges } from "@slipstream/conventions";
import type { Masking } from "./masking.ts";
import { PIECE_BYTES } from "./scrub-protobuf.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const COLON = 0x3a;
const COMMA = 0x2c;
/** More than the decoder reads. */
const MAX_DEPTH = 128;
/** Stands in base64 for zeros. */
const LETTER_A = 0x41;

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
  const close = (end: number): void => {
    if (deeper > 0) {
      deeper -= 1;
      return;
    }
    const closed = stack.pop();
    frame = stack.at(-1);
    if (closed?.texts === undefined) return;
    // Of a secret attribute, all that is in it is a secret.
    const outer = closed.owner;
    if (outer !== undefined) {
      outer.texts ??= [];
      for (const part of closed.texts) outer.texts.push(part);
    }
    if (isFound(closed.start, end)) scrubAttribute(masking, closed.key ?? "", closed.texts);
  };
  const text = (from: number, to: number): void => {
    if (frame === undefined || deeper > 0) return;
    if (frame.isName) {
      frame.name = to - from <= 64 ? textOf(masking, from, to).text : "";
      return;
    }
    const { owner, name } = frame;
    if (name === "key") frame.key = textOf(masking, from, to).text;
    else if (owner !== undefined) {
      const isBase64 = name === "bytesValue" || name === "bytes_value";
      if (!isBase64 && name !== "stringValue" && name !== "string_value") return;
      owner.texts ??= [];
      owner.texts.push(from, to, isBase64 ? 1 : 0);
    } else if (isFound(from, to)) search(masking, from, to);
  };
  for (let at = 0; at < bytes.length; at++) {
    switch (bytes[at]) {
      case QUOTE: {
        const end = stringEnd(bytes, at + 1);
        text(at + 1, end);
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
      case CLOSE_LIST:
        close(at);
        break;
      case COLON:
        if (frame !== undefined) frame.isName = false;
        break;
      case COMMA:
        if (frame !== undefined) frame.isName = !frame.isList;
        break;
    }
    if (masking.searched - yieldedAt < PIECE_BYTES && at - yieldedAt < 16 * PIECE_BYTES) continue;
    yieldedAt = Math.max(masking.searched, at);
    yield;
  }
}

function scrubAttribute(masking: Masking, key: string, texts: readonly number[]): void {
  const isSecret = isSecretAttribute(key);
  let follows = false;
  for (let at = 0; at < texts.length; at += 3) {
    const [from, to, isBase64] = texts.slice(at, at + 3) as [number, number, number];
    const isFlag = texts.length > 3 && isSecretFlag(textOf(masking, from, to).text);
    if (isSecret || (follows && !isFlag)) masking.mask(from, to, isBase64 === 1 ? LETTER_A : undefined);
    else if (isBase64 === 0) search(masking, from, to, key);
    else if (secretRanges(bytesOf(masking.letters(from, to)), key).length > 0)
      masking.mask(from, to, LETTER_A);
    follows = isFlag;
  }
}

function bytesOf(base64: string): string {
  return Buffer.from(base64, "base64").toString("latin1");
}

function search(masking: Masking, from: number, to: number, attribute?: string): void {
  const { text, places } = textOf(masking, from, to);
  if (places === undefined) {
    masking.search(from, to, attribute);
    return;
  }
  masking.searched += to - from;
  for (const [start, end] of secretRanges(text, attribute))
    masking.maskLetters(places[start] ?? to, places[end] ?? to, from, to);
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
