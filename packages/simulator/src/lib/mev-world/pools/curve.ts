/** Amounts on the two sides of a pool, in atoms. */
export interface Sides {
  readonly base: bigint;
  readonly quote: bigint;
}

/** The amounts of an executed swap, in atoms. */
export interface Filled {
  readonly amountIn: bigint;
  readonly amountOut: bigint;
}

/**
 * A pool's arithmetic and its state. `buy` pays quote and receives base. Integer arithmetic with the
 * program's own rounding, written from the program and independent of the code tested against it.
 */
export interface Curve {
  /** Output for an input, without changing the state. */
  quote(buy: boolean, amountIn: bigint): bigint;
  swap(buy: boolean, amountIn: bigint): Filled;
  /** A swap with a fixed output; undefined if the pool does not support this or cannot pay that much. */
  swapOut(buy: boolean, amountOut: bigint): Filled | undefined;
  /** Withdraws fees: those that the program sets aside, and those added to the liquidity. */
  collect(): void;
  clone(): Curve;
  /** Balances of the pool's token accounts, as visible in a block. */
  readonly vaults: Sides;
  /** Atoms of quote per atom of base (a double, for decisions but never for amounts). */
  readonly price: number;
  /**
   * The reserves of the constant product that the curve follows around its price; virtual for concentrated
   * liquidity.
   */
  readonly depth: { readonly base: number; readonly quote: number };
  /** Fee as a share of the input. */
  readonly fee: number;
  readonly hasCreatorFee: boolean;
}
