const TWO_32 = 2 ** 32;
/** Below it a loop is faster than a call into native code. */
const SHORT_STRING = 16;

/**
 * Writes protobuf into one growing buffer. Field numbers below 16 only, so that a tag is one byte.
 * Source: https://protobuf.dev/programming-guides/encoding/
 */
export class ProtobufWriter {
  #bytes: Buffer;
  #length = 0;

  constructor(initialBytes = 4_096) {
    this.#bytes = Buffer.allocUnsafeSlow(initialBytes);
  }

  /** Bytes written. */
  get length(): number {
    return this.#length;
  }

  /** What was written; valid until the next write. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Forgets what was written after the first `length` bytes. */
  truncate(length: number): void {
    this.#length = length;
  }

  /** Bytes that the buffer holds without growing. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /** Begins a length-delimited field; pass what it returns to `end`. */
  begin(tag: number): number {
    this.#reserve(3);
    this.#bytes[this.#length] = tag;
    // Two bytes for the length: right for 128 to 16,383 bytes, as a span has.
    this.#length += 3;
    return this.#length;
  }

  end(start: number): void {
    const length = this.#length - start;
    const lengthBytes = varintBytes(length);
    if (lengthBytes !== 2) {
      this.#reserve(lengthBytes);
      this.#bytes.copyWithin(start + lengthBytes - 2, start, this.#length);
      this.#length += lengthBytes - 2;
    }
    this.#putVarint(start - 2, length);
  }

  tag(tag: number): void {
    this.#reserve(1);
    this.#bytes[this.#length] = tag;
    this.#length += 1;
  }

  /** A varint field. `value`: 0 to 2^53. */
  unsigned(tag: number, value: number): void {
    this.#reserve(11);
    this.#bytes[this.#length] = tag;
    this.#length = this.#putVarint(this.#length + 1, value);
  }

  /** An int64 field. `value`: an integer within int64. */
  int64(tag: number, value: number): void {
    if (value >= 0 && value <= Number.MAX_SAFE_INTEGER) {
      this.unsigned(tag, value);
      return;
    }
    this.#reserve(11);
    const bytes = this.#bytes;
    bytes[this.#length] = tag;
    let at = this.#length + 1;
    let high = Math.floor(value / TWO_32);
    let low = (value - high * TWO_32) >>> 0;
    high >>>= 0;
    while (high > 0 || low > 0x7f) {
      bytes[at] = (low & 0x7f) | 0x80;
      low = ((low >>> 7) | (high << 25)) >>> 0;
      high >>>= 7;
      at += 1;
    }
    bytes[at] = low;
    this.#length = at + 1;
  }

  double(tag: number, value: number): void {
    this.#reserve(9);
    this.#bytes[this.#length] = tag;
    this.#bytes.writeDoubleLE(value, this.#length + 1);
    this.#length += 9;
  }

  fixed32(tag: number, value: number): void {
    this.#reserve(5);
    this.#bytes[this.#length] = tag;
    this.#put32(this.#length + 1, value);
    this.#length += 5;
  }

  /** A fixed64 field of seconds and nanoseconds as nanoseconds. */
  nanoseconds(tag: number, seconds: number, nanoseconds: number): void {
    this.#reserve(9);
    this.#bytes[this.#length] = tag;
    // Exact without a bigint: the product is taken in two parts, each below 2^53.
    const lower = (seconds & 0xffff) * 1e9 + nanoseconds;
    const upper = Math.floor(seconds / 0x10000) * 1e9 + Math.floor(lower / 0x10000);
    this.#put32(this.#length + 1, (upper % 0x10000) * 0x10000 + (lower % 0x10000));
    this.#put32(this.#length + 5, Math.floor(upper / 0x10000));
    this.#length += 9;
  }

  /** A fixed64 field of whole milliseconds and nanoseconds as nanoseconds. */
  milliseconds(tag: number, ms: number, nanoseconds: number): void {
    this.#reserve(9);
    this.#bytes[this.#length] = tag;
    // In two parts, as above.
    const lower = (ms % 0x10000) * 1e6 + nanoseconds;
    const upper = Math.floor(ms / 0x10000) * 1e6 + Math.floor(lower / 0x10000);
    this.#put32(this.#length + 1, (upper % 0x10000) * 0x10000 + (lower % 0x10000));
    this.#put32(this.#length + 5, Math.floor(upper / 0x10000));
    this.#length += 9;
  }

  /** A bytes field of `count` 32-bit words, 2 or 4, the most significant byte first. */
  words(tag: number, count: 2 | 4, word0: number, word1: number, word2: number = 0, word3: number = 0): void {
    this.#reserve(18);
    const bytes = this.#bytes;
    const at = this.#length;
    bytes[at] = tag;
    bytes[at + 1] = 4 * count;
    this.#putWord(at + 2, word0);
    this.#putWord(at + 6, word1);
    if (count === 4) {
      this.#putWord(at + 10, word2);
      this.#putWord(at + 14, word3);
    }
    this.#length = at + 2 + 4 * count;
  }

  /** A bytes field of a hexadecimal id. */
  hex(tag: number, id: string): void {
    const size = id.length >>> 1;
    this.#reserve(size + 6);
    const bytes = this.#bytes;
    bytes[this.#length] = tag;
    let at = this.#putVarint(this.#length + 1, size);
    for (let i = 0; i < 2 * size; i += 2) {
      bytes[at] = (hexDigit(id.charCodeAt(i)) << 4) | hexDigit(id.charCodeAt(i + 1));
      at += 1;
    }
    this.#length = at;
  }

  string(tag: number, text: string, length: number = utf8Bytes(text)): void {
    this.#reserve(length + 6);
    this.#bytes[this.#length] = tag;
    const at = this.#putVarint(this.#length + 1, length);
    this.#length = at + length;
    if (length === text.length && length <= SHORT_STRING) {
      const bytes = this.#bytes;
      for (let i = 0; i < length; i += 1) bytes[at + i] = text.charCodeAt(i);
    } else {
      this.#bytes.write(text, at, length, length === text.length ? "latin1" : "utf8");
    }
  }

  bytes(tag: number, data: Uint8Array): void {
    this.#reserve(data.length + 6);
    this.#bytes[this.#length] = tag;
    const at = this.#putVarint(this.#length + 1, data.length);
    this.#bytes.set(data, at);
    this.#length = at + data.length;
  }

  /** Bytes that are encoded already. */
  raw(data: Uint8Array): void {
    this.#reserve(data.length);
    this.#bytes.set(data, this.#length);
    this.#length += data.length;
  }

  /** A few bytes that are encoded already: for them a loop is faster than a call into native code. */
  short(data: Uint8Array): void {
    const { length } = data;
    this.#reserve(length);
    const bytes = this.#bytes;
    const at = this.#length;
    for (let i = 0; i < length; i += 1) bytes[at + i] = data[i] as number;
    this.#length = at + length;
  }

  /** The tag and length of a length-delimited field whose content follows and is `length` bytes long. */
  header(tag: number, length: number): void {
    this.#reserve(6);
    this.#bytes[this.#length] = tag;
    this.#length = this.#putVarint(this.#length + 1, length);
  }

  #reserve(size: number): void {
    const needed = this.#length + size;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length));
    grown.set(this.view());
    this.#bytes = grown;
  }

  #putVarint(at: number, value: number): number {
    const bytes = this.#bytes;
    let rest = value;
    let next = at;
    while (rest >= 2 ** 31) {
      bytes[next] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
      next += 1;
    }
    while (rest > 0x7f) {
      bytes[next] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
      next += 1;
    }
    bytes[next] = rest;
    return next + 1;
  }

  #putWord(at: number, word: number): void {
    const bytes = this.#bytes;
    bytes[at] = word >>> 24;
    bytes[at + 1] = word >>> 16;
    bytes[at + 2] = word >>> 8;
    bytes[at + 3] = word;
  }

  #put32(at: number, value: number): void {
    const bytes = this.#bytes;
    bytes[at] = value;
    bytes[at + 1] = value >>> 8;
    bytes[at + 2] = value >>> 16;
    bytes[at + 3] = value >>> 24;
  }
}

/** Bytes of `value` as a varint. `value`: an integer within int64. */
export function varintBytes(value: number): number {
  if (value < 0) return 10;
  let size = 1;
  for (let limit = 0x80; value >= limit; limit *= 0x80) size += 1;
  return size;
}

/** Bytes of `text` in UTF-8; a lone surrogate counts as the replacement character that is written for it. */
export function utf8Bytes(text: string): number {
  for (let i = 0; i < text.length; i += 1) {
    if (text.charCodeAt(i) > 0x7f) return Buffer.byteLength(text);
  }
  return text.length;
}

function hexDigit(code: number): number {
  return code <= 57 ? code - 48 : (code | 32) - 87;
}
