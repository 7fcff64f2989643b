/** Whether the smaller of two amounts is at least `share` (in thousandths) of the larger. */
export function isMatched(a: bigint, b: bigint, share: bigint): boolean {
  const [smaller, larger] = a < b ? [a, b] : [b, a];
  return smaller * 1000n >= larger * share;
}

/** Smaller / larger, 0 to 1; 1 if both are 0. */
export function matchedShare(a: bigint, b: bigint): number {
  const [smaller, larger] = a < b ? [a, b] : [b, a];
  return larger === 0n ? 1 : ratio(smaller, larger);
}

/** numerator / denominator, both below 2^1024, as a double. */
export function ratio(numerator: bigint, denominator: bigint): number {
  return Number(numerator) / Number(denominator);
}
