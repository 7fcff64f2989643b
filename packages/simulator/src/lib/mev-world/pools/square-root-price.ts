const Q64 = 64n;

/**
 * Tokens between two prices at a given liquidity: quote if `isQuote`, otherwise base.
 * quote = L (sqrt p1 - sqrt p0), base = L (1 / sqrt p0 - 1 / sqrt p1)
 * Source: orca-so/whirlpools, programs/whirlpool/src/math/token_math.rs `get_amount_delta_a`,
 * `get_amount_delta_b`.
 */
export function tokensBetween(
  isQuote: boolean,
  one: bigint,
  other: bigint,
  liquidity: bigint,
  rounding: "up" | "down" = "up",
): bigint {
  const [low, high] = one < other ? [one, other] : [other, one];
  const [numerator, denominator] = isQuote
    ? [liquidity * (high - low), 1n << Q64]
    : [(liquidity * (high - low)) << Q64, high * low];
  return rounding === "up" ? (numerator + denominator - 1n) / denominator : numerator / denominator;
}

/**
 * The price after an input within one range. Source: `get_next_sqrt_price_from_a_round_up`,
 * `..._b_round_down`.
 */
export function priceStep(isQuote: boolean, sqrtPrice: bigint, liquidity: bigint, amount: bigint): bigint {
  if (isQuote) return sqrtPrice + (amount << Q64) / liquidity;
  const numerator = (liquidity * sqrtPrice) << Q64;
  const denominator = (liquidity << Q64) + amount * sqrtPrice;
  return (numerator + denominator - 1n) / denominator;
}

/** The square root of a price in Q64.64. */
export function toSqrtPrice(price: number): bigint {
  return BigInt(Math.round(Math.sqrt(price) * 2 ** 40)) << 24n;
}
