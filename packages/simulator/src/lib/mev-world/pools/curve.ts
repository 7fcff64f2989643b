/** Amounts on the two sides of a pool, atoms. */
export interface Sides {
  readonly base: bigint;
  readonly quote: bigint;
}

/** What a swap came to, atoms. */
export interface Filled {
  readonly amountIn: bigint;
  readonly amountOut: bigint;
}

/**
 * A pool's arithmetic and its state. `buy` takes quote and gives base. Integer arithmetic with the program's own rounding,
 * written from the program and apart from the code that is tested against it.
 */
export interface Curve {
  /** Output for an input, the state left as it is. */
  quote(buy: boolean, amountIn: bigint): bigint;
  swap(buy: boolean, amountIn: bigint): Filled;
  /** A swap that fixes its output; undefined where the pool does not offer that or cannot give so much. */
  swapOut(buy: boolean, amountOut: bigint): Filled | undefined;
  /** Fees are taken out: what the program holds apart of them, and what they have added to the liquidity. */
  collect(): void;
  clone(): Curve;
  /** What the pool's token accounts hold: what a block shows. */
  readonly vaults: Sides;
  /** Atoms of quote for an atom of base (a double, for decisions, never for amounts). */
  readonly price: number;
  /** The reserves of the constant product that the curve follows around its price: virtual ones where it is concentrated. */
  readonly depth: { readonly base: number; readonly quote: number };
  /** Share of the input that is charged. */
  readonly fee: number;
}
