/** Numbers are no longer than this: a longer one is unknown. */
export const MAX_NUMBER_CHARS = 1024;

const ZERO = 0x30;
const NINE = 0x39;
const MINUS = 0x2d;
const DOT = 0x2e;

const isDigit = (byte: number): boolean => byte >= ZERO && byte <= NINE;
const isExponent = (byte: number): boolean => byte === 0x65 || byte === 0x45;

/** Powers of ten that a double holds exactly. */
const powers: Float64Array = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));
/** Numbers of so many digits are below 2^53. */
const EXACT_DIGITS = 15;

/** Where the number that begins at `at` ends; -1 if it is none. */
export function skipNumber(bytes: Buffer, at: number, end: number): number {
  let pos = bytes[at] === MINUS ? at + 1 : at;
  if (pos < end && bytes[pos] === ZERO) pos++;
  else {
    pos = digits(bytes, pos, end);
    if (pos < 0) return -1;
  }
  if (pos < end && bytes[pos] === DOT) {
    pos = digits(bytes, pos + 1, end);
    if (pos < 0) return -1;
  }
  if (pos < end && isExponent(bytes[pos] as number)) {
    pos++;
    if (pos < end && (bytes[pos] === MINUS || bytes[pos] === 0x2b)) pos++;
    return digits(bytes, pos, end);
  }
  return pos;
}

/** After the digits, of which there must be one. */
function digits(bytes: Buffer, from: number, end: number): number {
  let pos = from;
  while (pos < end && isDigit(bytes[pos] as number)) pos++;
  return pos === from ? -1 : pos;
}

/** The number that these characters are, exactly as JSON.parse gives it. */
export function numberOf(bytes: Buffer, start: number, length: number): number {
  const end = start + length;
  const negative = bytes[start] === MINUS;
  let mantissa = 0;
  let count = 0;
  let fraction = -1;
  for (let at = negative ? start + 1 : start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === DOT) {
      fraction = 0;
      continue;
    }
    // With 15 digits both the digits and the power of ten are exact, and so is the one rounding of their quotient.
    if (!isDigit(byte) || ++count > EXACT_DIGITS) return Number(bytes.toString("latin1", start, end));
    mantissa = mantissa * 10 + byte - ZERO;
    if (fraction >= 0) fraction++;
  }
  const value = fraction > 0 ? mantissa / (powers[fraction] as number) : mantissa;
  return negative ? -value : value;
}
