import { secretFragments } from "@slipstream/conventions";
import type { OtlpFormat } from "../decode/model.ts";
import { Places } from "./places.ts";

/** Letters in a fragment. */
const LENGTH = 4;

const lower = new Uint8Array(256);
for (let code = 0; code < 256; code++) lower[code] = code >= 65 && code <= 90 ? code + 32 : code;

/** By the last two bytes of a window of four: how far the window may be moved without missing a fragment. */
const shifts = new Uint8Array(65_536).fill(LENGTH - 1);
const fragments = new Set<number>();
/** The first two bytes of fragments. */
const starts = new Uint8Array(65_536);
for (const fragment of secretFragments) {
  const codes = Array.from(fragment, (letter) => letter.charCodeAt(0));
  fragments.add(packed(codes, 0));
  for (const first of casesOf(codes[0] ?? 0))
    for (const second of casesOf(codes[1] ?? 0)) starts[(first << 8) | second] = 1;
  for (let at = 0; at < LENGTH - 1; at++) {
    for (const first of casesOf(codes[at] ?? 0)) {
      for (const second of casesOf(codes[at + 1] ?? 0)) {
        const block = (first << 8) | second;
        shifts[block] = Math.min(shifts[block] ?? 0, LENGTH - 2 - at);
      }
    }
  }
}

const ESCAPE = Buffer.from("\\u00");
const AT = 0x40;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const SLASH = 0x2f;
const SPACE = 0x20;
/** A user and password before the `@` are at most this long. */
const LONGEST_USER = 512;

/** So many bytes are looked at in a step. */
const STEP_BYTES = 1_048_576;
/** If there are more, secrets may stand anywhere: the list would be larger than the body. */
const MOST_FOUND = 65_536;

/**
 * Where a secret may stand: fragments of the table's names, in any case, each `@` that ends the user part of a URL, lists of
 * numbers that are long enough for a key pair and, in JSON, letters written as escapes, which may hide any of them.
 * It looks at a third of the bytes (Wu and Manber, 1994).
 */
export function* findFragments(bytes: Buffer, format: OtlpFormat): Generator<void, Places, void> {
  const found: number[] = [];
  const searches = [findNames, findUsers, findNumbers];
  if (format === "json") searches.push(findEscapes);
  for (const search of searches) {
    yield* search(bytes, found);
    if (found.length >= MOST_FOUND) return new Places(undefined);
  }
  return new Places(found.sort((one, other) => one - other));
}

function* findNames(bytes: Buffer, found: number[]): Generator<void, void, void> {
  const { length } = bytes;
  let at = LENGTH - 1;
  while (at < length && found.length < MOST_FOUND) {
    const stop = Math.min(at + STEP_BYTES, length);
    while (at < stop) {
      const shift = shifts[((bytes[at - 1] as number) << 8) | (bytes[at] as number)] as number;
      if (shift > 0) {
        at += shift;
        continue;
      }
      const start = ((bytes[at - 3] as number) << 8) | (bytes[at - 2] as number);
      if (starts[start] === 1 && fragments.has(packed(bytes, at - 3))) found.push(at - 3);
      at += 1;
    }
    yield;
  }
}

function* findUsers(bytes: Buffer, found: number[]): Generator<void, void, void> {
  // Of many in a row, each looks back only to the one before it.
  let before = 0;
  let yieldedAt = 0;
  for (let at = bytes.indexOf(AT); at >= 0 && found.length < MOST_FOUND; at = bytes.indexOf(AT, at + 1)) {
    const oldest = Math.max(before, at - LONGEST_USER, 2);
    for (let back = at - 1; back >= oldest && (bytes[back] as number) > SPACE; back--) {
      // "user:password@host", "://", or ":\/\/" in JSON.
      const next = bytes[back + 1];
      const ends = bytes[back] === COLON ? next !== SLASH && next !== BACKSLASH : false;
      const begins = bytes[back] === SLASH && (bytes[back - 1] === SLASH || bytes[back - 1] === BACKSLASH);
      if (!ends && !begins) continue;
      found.push(at);
      break;
    }
    before = at;
    if (at - yieldedAt < STEP_BYTES / 8) continue;
    yieldedAt = at;
    yield;
  }
}

/** `\u0061pi-key`: no encoder writes letters so, but one may write "=" or "&". */
function* findEscapes(bytes: Buffer, found: number[]): Generator<void, void, void> {
  let yieldedAt = 0;
  for (
    let at = bytes.indexOf(ESCAPE);
    at >= 0 && found.length < MOST_FOUND;
    at = bytes.indexOf(ESCAPE, at + 1)
  ) {
    found.push(at);
    if (at - yieldedAt < STEP_BYTES / 8) continue;
    yieldedAt = at;
    yield;
  }
}

/** The shortest list of 64 numbers. */
const SHORTEST_LIST = 2 * 64 - 1;

/** The middles of lists of numbers. It looks at every 127th byte, and around it if that is one of a list. */
function* findNumbers(bytes: Buffer, found: number[]): Generator<void, void, void> {
  let yieldedAt = 0;
  for (let at = SHORTEST_LIST - 1; at < bytes.length && found.length < MOST_FOUND; at += SHORTEST_LIST) {
    let [first, last] = [at, at];
    while (first > 0 && last - first < SHORTEST_LIST && isOfList(bytes[first - 1])) first--;
    while (last < bytes.length && last - first < SHORTEST_LIST && isOfList(bytes[last])) last++;
    if (last - first >= SHORTEST_LIST) found.push(Math.floor((first + last) / 2));
    if (at - yieldedAt < STEP_BYTES) continue;
    yieldedAt = at;
    yield;
  }
}

/** A digit, a comma, or a space. */
function isOfList(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x30 && byte <= 0x39) || byte === 0x2c || byte === SPACE);
}

function packed(codes: ArrayLike<number>, at: number): number {
  return (
    ((lower[codes[at] as number] as number) << 24) |
    ((lower[codes[at + 1] as number] as number) << 16) |
    ((lower[codes[at + 2] as number] as number) << 8) |
    (lower[codes[at + 3] as number] as number)
  );
}

function casesOf(code: number): readonly number[] {
  return code >= 97 && code <= 122 ? [code, code - 32] : [code];
}
