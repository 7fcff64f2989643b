/** A constant-product pool without fee, so that the amounts of a sandwich are easy to get right. */
export interface Reserves {
  sol: bigint;
  token: bigint;
}

export interface PoolSwap {
  /** What the pool held before, by the swap's direction. */
  readonly before: { readonly in: bigint; readonly out: bigint };
  readonly amountOut: bigint;
}

/** Swaps in the pool: the reserves change. */
export function swapIn(reserves: Reserves, buy: boolean, amountIn: bigint): PoolSwap {
  const before = buy ? { in: reserves.sol, out: reserves.token } : { in: reserves.token, out: reserves.sol };
  const amountOut = (before.out * amountIn) / (before.in + amountIn);
  reserves.sol += buy ? amountIn : -amountOut;
  reserves.token += buy ? -amountOut : amountIn;
  return { before, amountOut };
}
