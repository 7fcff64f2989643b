const BPS = 10_000n;

/** The minimum output a trader accepts: the quote less the tolerance, rounded down. */
export function minimumOut(quotedOut: bigint, toleranceBps: number): bigint {
  return (quotedOut * (BPS - BigInt(toleranceBps))) / BPS;
}
