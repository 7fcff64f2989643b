import { OtlpError, tooManyItems, tooManyValues } from "./errors.ts";
import type { DecodeLimits } from "./limits.ts";
import { STEP_BYTES, STEP_ITEMS } from "./steps.ts";

/** Wire types of https://protobuf.dev/programming-guides/encoding/ that OTLP uses; groups (3, 4) are refused. */
export const VARINT = 0;
export const FIXED64 = 1;
export const BYTES = 2;
export const FIXED32 = 5;

const TWO_32 = 0x1_0000_0000;

/** More than any body has; small enough to be an integer to the engine of JavaScript. */
const MANY = 0x3fff_ffff;

/**
 * Reads protobuf fields in place, each read checked against the end of the message being read. `where` names the
 * message in errors.
 */
export class ProtoReader {
  readonly bytes: Buffer;
  readonly view: DataView;
  /** Next byte to read. */
  pos = 0;
  /** First byte after the message being read. */
  end: number;
  /** Items read so far. */
  items = 0;
  readonly #limits: DecodeLimits;
  #pauseAt: number = STEP_BYTES;
  #pauseAtItem: number = STEP_ITEMS;
  #fieldsLeft: number = MANY;

  constructor(body: Uint8Array, limits: DecodeLimits) {
    this.bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    this.view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    this.end = body.byteLength;
    this.#limits = limits;
  }

  /** Whether it is time for a pause. */
  get isDue(): boolean {
    return this.pos >= this.#pauseAt || this.items >= this.#pauseAtItem;
  }

  /** After a pause, or after going back. */
  resume(): void {
    this.#pauseAt = this.pos + STEP_BYTES;
    this.#pauseAtItem = this.items + STEP_ITEMS;
  }

  /** Enters a message that is an item of its list. @throws OtlpError if those are too many */
  enterItem(where: string): number {
    this.items++;
    if (this.items > this.#limits.maxItems) throw tooManyItems(this.#limits.maxItems);
    return this.enter(where);
  }

  /** Before something that is read without a pause: its fields are bounded. */
  countFields(): void {
    this.#fieldsLeft = Math.min(MANY, this.#limits.maxItemValues);
  }

  countNoFields(): void {
    this.#fieldsLeft = MANY;
  }

  /** The next field's tag: number * 8 + wire type. */
  tag(where: string): number {
    if (--this.#fieldsLeft < 0) throw tooManyValues(this.#limits.maxItemValues, where);
    const tag = this.uint32(where);
    if (tag < 8) throw this.malformed("malformed", "field number 0", where);
    return tag;
  }

  /** A varint that must fit 32 bits: tags, lengths. */
  uint32(where: string): number {
    const { bytes, end } = this;
    let pos = this.pos;
    if (pos >= end) throw this.truncated(where);
    let byte = bytes[pos++] as number;
    if (byte < 0x80) {
      this.pos = pos;
      return byte;
    }
    let value = byte & 0x7f;
    let scale = 0x80;
    for (let index = 1; index < 5; index++) {
      if (pos >= end) throw this.truncated(where);
      byte = bytes[pos++] as number;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        this.pos = pos;
        if (value >= TWO_32) break;
        return value;
      }
      scale *= 0x80;
    }
    throw this.malformed("malformed", "a number of more than 32 bits", where);
  }

  /** A length, checked against what is left of the message. */
  length(where: string): number {
    const length = this.uint32(where);
    if (length > this.end - this.pos) throw this.truncated(where);
    return length;
  }

  /** Enters a nested message; give what it returns to `leave` when `pos` has reached `end`. */
  enter(where: string): number {
    const length = this.length(where);
    const outer = this.end;
    this.end = this.pos + length;
    return outer;
  }

  leave(outer: number): void {
    this.end = outer;
  }

  /** A 64-bit varint as a signed integer: a number where a double holds it exactly, else a bigint. */
  int64(where: string): number | bigint {
    const { bytes, end } = this;
    let pos = this.pos;
    let low = 0;
    let high = 0;
    for (let index = 0; index < 10; index++) {
      if (pos >= end) throw this.truncated(where);
      const byte = bytes[pos++] as number;
      const bits = byte & 0x7f;
      // 28 bits in the first four bytes, the fifth straddles both words.
      if (index < 4) low += (bits << (7 * index)) >>> 0;
      else if (index === 4) {
        low += ((bits & 0x0f) << 28) >>> 0;
        high = bits >>> 4;
      } else high += (bits << (7 * index - 32)) >>> 0;
      if (byte < 0x80) {
        this.pos = pos;
        return wideInteger(high | 0, low);
      }
    }
    throw this.malformed("malformed", "a varint of more than 10 bytes", where);
  }

  /** A signed 64-bit integer of fixed width. */
  sfixed64(where: string): number | bigint {
    const at = this.take(8, where);
    return wideInteger(this.view.getInt32(at + 4, true), this.view.getUint32(at, true));
  }

  double(where: string): number {
    return this.view.getFloat64(this.take(8, where), true);
  }

  /** Steps over `count` bytes and returns where they begin. */
  take(count: number, where: string): number {
    const at = this.pos;
    if (count > this.end - at) throw this.truncated(where);
    this.pos = at + count;
    return at;
  }

  /**
   * Steps over a field that is not read. `known` has a bit for each field number that is read: to find one of
   * those here means that its wire type is wrong.
   */
  skip(tag: number, known: number, where: string): void {
    const field = tag >>> 3;
    const wireType = tag & 7;
    if (field < 32 && (known >>> field) & 1) {
      throw this.malformed("wrong_type", `field ${field} has wire type ${wireType}`, where);
    }
    if (wireType === BYTES) this.take(this.length(where), where);
    else if (wireType === FIXED64) this.take(8, where);
    else if (wireType === FIXED32) this.take(4, where);
    else if (wireType === VARINT) this.skipVarint(where);
    else throw this.malformed("malformed", `field ${field} has wire type ${wireType}`, where);
  }

  private skipVarint(where: string): void {
    for (let index = 0; index < 10; index++) {
      if (this.pos >= this.end) throw this.truncated(where);
      if ((this.bytes[this.pos++] as number) < 0x80) return;
    }
    throw this.malformed("malformed", "a varint of more than 10 bytes", where);
  }

  malformed(code: OtlpError["code"], what: string, where: string): OtlpError {
    return new OtlpError(code, `Not OTLP: ${what} in ${where}, before byte ${this.pos}.`, where);
  }

  private truncated(where: string): OtlpError {
    return new OtlpError(
      "truncated",
      `The body ends, or a field overruns, in ${where} at byte ${this.pos}.`,
      where,
    );
  }
}

function wideInteger(high: number, low: number): number | bigint {
  const value = high * TWO_32 + low;
  return Number.isSafeInteger(value) ? value : (BigInt(high) << 32n) | BigInt(low);
}
