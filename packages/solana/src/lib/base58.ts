import { base58 } from "@scure/base";

/** Base58 as Solana writes keys, signatures and blockhashes. */
export function encodeBase58(bytes: Uint8Array): string {
  return base58.encode(bytes);
}

/** The bytes of a base58 text; undefined if it is not base58, or does not hold exactly `length` bytes. */
export function decodeBase58(text: string, length: number): Uint8Array | undefined {
  // Decoding takes time quadratic in the length. A base58 character holds more than 5.8 bits.
  if (text.length > Math.ceil((length * 8) / 5.8)) return undefined;
  const bytes = readBase58(text);
  return bytes?.length === length ? bytes : undefined;
}

const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
/** By character code; -1 if it is no digit. */
const digits: Int8Array = new Int8Array(128).fill(-1);
for (const [digit, character] of [...alphabet].entries()) digits[character.charCodeAt(0)] = digit;

/** Digits that are added to the number at a time: a limb of 24 bits times 58^4 fits into a double. */
const groupDigits = 4;
const powers = [1, 58, 58 ** 2, 58 ** 3, 58 ** 4] as const;
const limbBytes = 3;
const limbSize = 2 ** 24;

/** The number read so far, lowest limb first. Kept, so that reading allocates nothing but its result. */
let limbs: Float64Array = new Float64Array(64);
/** Limbs of it. */
let used = 0;

/**
 * The bytes of a base58 text, undefined if it is not base58. Takes time quadratic in the length. Blocks hold thousands of short
 * ones, so this is where the time to decode a block goes.
 */
export function readBase58(text: string): Uint8Array | undefined {
  const zeros = readLimbs(text);
  if (zeros < 0) return undefined;
  const bytes = new Uint8Array(bytesIn(zeros));
  writeBytes(zeros, bytes, bytes.length);
  return bytes;
}

/**
 * The same, without a new array.
 * @param into takes the bytes, from its beginning on
 * @returns how many there are; -1 if the text is not base58, or if they do not fit
 */
export function readBase58Into(text: string, into: Uint8Array): number {
  const zeros = readLimbs(text);
  if (zeros < 0) return -1;
  const length = bytesIn(zeros);
  if (length > into.length) return -1;
  writeBytes(zeros, into, length);
  return length;
}

/** Reads the number into `limbs`. @returns the zeros before it; -1 if the text is not base58 */
function readLimbs(text: string): number {
  const { length } = text;
  // A limb holds more than 4 digits.
  if (length > groupDigits * limbs.length) limbs = new Float64Array(length);
  let zeros = 0;
  while (zeros < length && text.charCodeAt(zeros) === 0x31) zeros++;
  used = 0;
  let count = 0;
  for (let at = zeros; at < length; ) {
    const end = at + ((length - at) % groupDigits || groupDigits);
    const power = powers[end - at] ?? 1;
    let carry = 0;
    for (; at < end; at++) {
      const digit = digits[text.charCodeAt(at)] ?? -1;
      if (digit < 0) return -1;
      carry = carry * 58 + digit;
    }
    for (let limb = 0; limb < count; limb++) {
      const sum = (limbs[limb] ?? 0) * power + carry;
      carry = (sum / limbSize) | 0;
      limbs[limb] = sum - carry * limbSize;
    }
    if (carry > 0) limbs[count++] = carry;
  }
  used = count;
  return zeros;
}

/** Bytes of the number, with zeros before it. */
function bytesIn(zeros: number): number {
  const top = used === 0 ? 0 : (limbs[used - 1] ?? 0);
  const topBytes = top < 2 ** 8 ? 1 : top < 2 ** 16 ? 2 : limbBytes;
  return used === 0 ? zeros : zeros + (used - 1) * limbBytes + topBytes;
}

function writeBytes(zeros: number, bytes: Uint8Array, length: number): void {
  const top = used === 0 ? 0 : (limbs[used - 1] ?? 0);
  for (let zero = 0; zero < zeros; zero++) bytes[zero] = 0;
  let at = length;
  for (let limb = 0; limb < used - 1; limb++) {
    const value = (limbs[limb] ?? 0) | 0;
    bytes[--at] = value;
    bytes[--at] = value >> 8;
    bytes[--at] = value >> 16;
  }
  for (let rest = top | 0; at > zeros; rest >>= 8) bytes[--at] = rest;
}
