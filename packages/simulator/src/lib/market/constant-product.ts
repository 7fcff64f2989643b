export interface Reserves {
  readonly base: bigint;
  readonly quote: bigint;
}

const BPS = 10_000n;

/** Output of a constant-product pool, in atoms, rounded down as the pools round it. The fee is taken from the input. */
export function constantProductOut(
  amountIn: bigint,
  reserveIn: bigint,
  reserveOut: bigint,
  feeBps: number,
): bigint {
  const afterFee = amountIn * (BPS - BigInt(feeBps));
  return (afterFee * reserveOut) / (reserveIn * BPS + afterFee);
}

/** The least output a trader accepts: the quote less the tolerance, rounded down. */
export function minimumOut(quotedOut: bigint, toleranceBps: number): bigint {
  return (quotedOut * (BPS - BigInt(toleranceBps))) / BPS;
}
