import type { OtlpFormat } from "../decode/model.ts";
import { Places } from "./places.ts";

const ESCAPE = Buffer.from("\\u00");
const AT = 0x40;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const SLASH = 0x2f;
const SPACE = 0x20;
/** A user and password before the `@` are at most this long. */
const LONGEST_USER = 512;

/** So many bytes are looked at in a step. */
const STEP_BYTES = 131_072;
/** If there are more, secrets may stand anywhere: the list would be larger than the body. */
const MOST_FOUND = 65_536;

/**
 * Where a secret may stand that has no fragment in it: at each `@` that ends the user part of a URL, in lists of numbers that are
 * long enough for a key pair and, in JSON, at letters written as escapes, which may hide anything.
 */
export function* findOdd(bytes: Uint8Array, format: OtlpFormat): Generator<void, Places, void> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: number[] = [];
  const searches = [findUsers, findNumbers];
  if (format === "json") searches.push(findEscapes);
  for (const search of searches) {
    yield* search(buffer, found);
    if (found.length >= MOST_FOUND) return new Places(undefined);
  }
  return new Places(found.sort((one, other) => one - other));
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
  for (let from = 0; from < bytes.length; from += STEP_BYTES) {
    // One that begins in this window may end behind it.
    const window = bytes.subarray(from, from + STEP_BYTES + ESCAPE.length - 1);
    for (
      let at = window.indexOf(ESCAPE);
      at >= 0 && found.length < MOST_FOUND;
      at = window.indexOf(ESCAPE, at + 1)
    )
      found.push(from + at);
    yield;
  }
}

/** The shortest list of 64 numbers. */
const SHORTEST_LIST = 2 * 64 - 1;

/** The middles of lists of numbers. It looks at every 127th byte, and around it if that is one of a list. */
function* findNumbers(bytes: Buffer, found: number[]): Generator<void, void, void> {
  let yieldedAt = 0;
  for (let at = SHORTEST_LIST - 1; at < bytes.length && found.length < MOST_FOUND; at += SHORTEST_LIST) {
    if (at - yieldedAt > STEP_BYTES) {
      yieldedAt = at;
      yield;
    }
    if (!isOfList(bytes[at])) continue;
    let [first, last] = [at, at];
    while (first > 0 && last - first < SHORTEST_LIST && isOfList(bytes[first - 1])) first--;
    while (last < bytes.length && last - first < SHORTEST_LIST && isOfList(bytes[last])) last++;
    if (last - first >= SHORTEST_LIST) found.push(Math.floor((first + last) / 2));
  }
}

/** A digit, a comma, or a space. */
function isOfList(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x30 && byte <= 0x39) || byte === 0x2c || byte === SPACE);
}
