/**
 * The bucket number is taken from the bits of the double: the exponent and the first 8 bits of the mantissa.
 * This is log-linear (256 equal buckets per power of two), keeps the order of values and needs no logarithm.
 */
export const MANTISSA_BITS = 8;

/** Number of buckets for finite values >= 0: 2047 exponents with 256 buckets each. */
export const BUCKETS: number = 2047 << MANTISSA_BITS;

/**
 * Bound on abs(estimate - exact) / exact. A bucket is at most 1/256 wide, and the estimate is its middle.
 * Below 2.3e-308 doubles themselves lose precision; the error there is below 1e-310 absolute.
 */
export const SKETCH_RELATIVE_ERROR: number = 2 ** -(MANTISSA_BITS + 1);

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
double[0] = -0; // sets only the sign bit, which is in the high word
const HIGH = words[1] === 0 ? 0 : 1;
const LOW = 1 - HIGH;
const DROPPED_BITS = 20 - MANTISSA_BITS;
const HALF_BUCKET = 1 << (DROPPED_BITS - 1);

/** The bucket of a finite `value` >= 0. */
export function bucketOf(value: number): number {
  double[0] = value + 0; // -0 + 0 is 0, without the sign bit
  return (words[HIGH] as number) >>> DROPPED_BITS;
}

/** The smallest value in the bucket; Infinity for `BUCKETS`. The first bucket is for 0 alone. */
export function lowerBound(bucket: number): number {
  return fromHighWord(bucket << DROPPED_BITS);
}

/** No value in the bucket is larger. */
export function upperBound(bucket: number): number {
  return bucket === 0 ? 0 : lowerBound(bucket + 1);
}

/** The estimate for all values in the bucket: its middle, or 0 for the first bucket. */
export function middle(bucket: number): number {
  return bucket === 0 ? 0 : fromHighWord((bucket << DROPPED_BITS) | HALF_BUCKET);
}

function fromHighWord(word: number): number {
  words[HIGH] = word;
  words[LOW] = 0;
  return double[0] as number;
}
