import { OtlpError } from "../errors.ts";
import { cutText, MAX_TEXT_BYTES } from "../text.ts";

const BACKSLASH = 0x5c;
/** What follows a backslash, and what both stand for. */
const SIMPLE: ReadonlyMap<number, number> = new Map(
  Object.entries({ '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" }).map(
    ([letter, meaning]) => [letter.charCodeAt(0), meaning.charCodeAt(0)],
  ),
);
const LETTER_U = 0x75;

/** -1 if it is no hex digit. */
export const hexDigits: Int8Array = Int8Array.from({ length: 256 }, (_, code) => {
  const digit = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(digit) ? -1 : digit;
});

/** The four hex digits at `at`; negative if they are none. */
export function unit(bytes: Buffer, at: number): number {
  let value = 0;
  for (let index = 0; index < 4; index++) {
    const digit = hexDigits[bytes[at + index] as number] as number;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

/** Bytes that an escape takes, 2 or 6. @throws OtlpError if it is none */
export function escapeLength(bytes: Buffer, at: number, end: number): number {
  const letter = at + 1 < end ? (bytes[at + 1] as number) : 0;
  if (SIMPLE.has(letter)) return 2;
  if (letter === LETTER_U && at + 6 <= end && unit(bytes, at + 2) >= 0) return 6;
  throw new OtlpError("malformed", `Not JSON: a bad escape at byte ${at}.`);
}

/** Longest text that is unescaped. It is more than is kept of any text, so that what is cut off is seen. */
const LONGEST = MAX_TEXT_BYTES + 8;

/**
 * The text of a string's bytes without their escapes, as UTF-8, up to a length that is more than is kept. A surrogate
 * without its other half becomes U+FFFD. Valid until it is used again.
 */
export class Unescaped {
  readonly bytes: Buffer = Buffer.alloc(LONGEST + 8);
  readonly view: DataView = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length);
  length = 0;

  /** @param from the escapes between `start` and `end` are known to be good */
  read(from: Buffer, start: number, end: number): void {
    this.length = 0;
    let at = start;
    while (at < end && this.length < LONGEST) {
      const byte = from[at] as number;
      if (byte !== BACKSLASH) {
        this.bytes[this.length++] = byte;
        at++;
        continue;
      }
      const letter = from[at + 1] as number;
      if (letter !== LETTER_U) {
        this.bytes[this.length++] = SIMPLE.get(letter) ?? 0;
        at += 2;
        continue;
      }
      const high = unit(from, at + 2);
      at += 6;
      const low = isHigh(high) && isEscapedUnit(from, at, end) ? unit(from, at + 2) : -1;
      if (low >= 0xdc00 && low <= 0xdfff) {
        at += 6;
        this.#add(0x10000 + ((high & 0x3ff) << 10) + (low & 0x3ff));
      } else this.#add(high >= 0xd800 && high <= 0xdfff ? 0xfffd : high);
    }
  }

  #add(point: number): void {
    const { bytes } = this;
    const leads = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x1_0000 ? 2 : 3;
    if (leads === 0) bytes[this.length++] = point;
    else {
      bytes[this.length++] = ((0xf0 << (3 - leads)) & 0xff) | (point >> (6 * leads));
      for (let left = leads - 1; left >= 0; left--)
        bytes[this.length++] = 0x80 | ((point >> (6 * left)) & 0x3f);
    }
  }
}

const isHigh = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;

function isEscapedUnit(bytes: Buffer, at: number, end: number): boolean {
  return at + 6 <= end && bytes[at] === BACKSLASH && bytes[at + 1] === LETTER_U;
}

/** Text of a string's bytes that hold no escapes; what is no UTF-8 becomes U+FFFD. */
export function plainText(bytes: Buffer, start: number, length: number): string {
  return cutText(bytes.toString("utf8", start, start + Math.min(length, LONGEST)));
}
