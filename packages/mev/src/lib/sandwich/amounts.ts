/** Whether the smaller of two amounts is at least `share` (in thousandths) of the larger. */
export function isMatched(a: bigint, b: bigint, share: bigint): boolean {
  const [smaller, larger] = a < b ? [a, b] : [b, a];
  return smaller * 1000n >= larger * share;
}

/** Smaller / larger, 0 to 1; 1 where both are 0. */
export function matchedShare(a: bigint, b: bigint): number {
  const [smaller, larger] = a < b ? [a, b] : [b, a];
  return larger === 0n ? 1 : ratio(smaller, larger);
}

/** numerator / denominator as a double, right to 15 digits or so however large they are. */
export function ratio(numerator: bigint, denominator: bigint): number {
  const excess = Math.max(bits(numerator), bits(denominator)) - 1000;
  if (excess <= 0) return Number(numerator) / Number(denominator);
  return Number(numerator >> BigInt(excess)) / Number(denominator >> BigInt(excess));
}

function bits(value: bigint): number {
  return value < 2n ** 1000n && value > -(2n ** 1000n) ? 0 : value.toString(16).length * 4;
}
