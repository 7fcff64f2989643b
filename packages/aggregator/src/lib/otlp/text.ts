/** Texts longer than this (bytes of UTF-8) are cut: a statement of a megabyte is no name. */
export const MAX_TEXT_BYTES = 1024;

/** Longest text, in bytes, that the caches hold. */
const SLOT_BYTES = 64;

/** Position-dependent hash of at most 16 bytes, the first and the last eight: names differ at their ends. */
function hashOf(bytes: Uint8Array, start: number, length: number): number {
  let hash = length;
  const head = start + Math.min(length, 8);
  for (let at = start; at < head; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x0100_0193);
  const end = start + length;
  for (let at = length < 16 ? head : end - 8; at < end; at++) {
    hash = Math.imul(hash ^ (bytes[at] as number), 0x0100_0193);
  }
  return hash ^ (hash >>> 15);
}

function sameBytes(a: Uint8Array, aStart: number, b: Uint8Array, bStart: number, length: number): boolean {
  for (let at = 0; at < length; at++) if (a[aStart + at] !== b[bStart + at]) return false;
  return true;
}

/** Text of UTF-8 bytes, cut to `MAX_TEXT_BYTES`; what is no UTF-8 becomes U+FFFD. */
export function textOf(bytes: Buffer, start: number, length: number): string {
  if (length <= MAX_TEXT_BYTES) return bytes.toString("utf8", start, start + length);
  let end = start + MAX_TEXT_BYTES;
  // Not in the middle of a character: continuation bytes are 10xxxxxx.
  while (end > start && ((bytes[end] as number) & 0xc0) === 0x80) end--;
  return bytes.toString("utf8", start, end);
}

/** A text cut as `textOf` cuts its bytes. */
export function cutText(text: string): string {
  // A character takes at most three bytes for each UTF-16 unit.
  if (text.length * 3 <= MAX_TEXT_BYTES) return text;
  const bytes = Buffer.from(text);
  return bytes.length <= MAX_TEXT_BYTES ? text : textOf(bytes, 0, bytes.length);
}

/**
 * Texts that come again and again (names, pairs, statuses), found by their bytes without making a string. Direct
 * mapped: of two texts that share a slot the newer stays, so the cache is bounded whatever comes in.
 */
export class TextCache {
  private readonly mask: number;
  private readonly texts: string[];
  private readonly lengths: Uint8Array;
  private readonly arena: Uint8Array;

  /** `slots` is a power of two; each costs 80 bytes. */
  constructor(slots: number) {
    this.mask = slots - 1;
    this.texts = new Array<string>(slots).fill("");
    this.lengths = new Uint8Array(slots);
    this.arena = new Uint8Array(slots * SLOT_BYTES);
  }

  text(bytes: Buffer, start: number, length: number): string {
    if (length === 0) return "";
    if (length > SLOT_BYTES) return textOf(bytes, start, length);
    const slot = hashOf(bytes, start, length) & this.mask;
    const at = slot * SLOT_BYTES;
    if (this.lengths[slot] === length && sameBytes(this.arena, at, bytes, start, length)) {
      return this.texts[slot] as string;
    }
    const text = textOf(bytes, start, length);
    this.texts[slot] = text;
    this.lengths[slot] = length;
    this.arena.set(bytes.subarray(start, start + length), at);
    return text;
  }
}

/** Finds a value by the bytes of its name, among names known beforehand. */
export class NameTable<Value> {
  private readonly mask: number;
  private readonly buckets: { readonly name: Uint8Array; readonly value: Value }[][];

  constructor(entries: Iterable<readonly [name: string, value: Value]>) {
    const list = [...entries];
    let size = 16;
    while (size < list.length * 4) size *= 2;
    this.mask = size - 1;
    this.buckets = Array.from({ length: size }, () => []);
    for (const [text, value] of list) {
      const name = Buffer.from(text);
      this.buckets[hashOf(name, 0, name.length) & this.mask]?.push({ name, value });
    }
  }

  find(bytes: Uint8Array, start: number, length: number): Value | undefined {
    const bucket = this.buckets[hashOf(bytes, start, length) & this.mask];
    if (bucket === undefined) return undefined;
    for (let index = 0; index < bucket.length; index++) {
      const entry = bucket[index];
      if (entry === undefined) continue;
      if (entry.name.length === length && sameBytes(entry.name, 0, bytes, start, length)) return entry.value;
    }
    return undefined;
  }
}
