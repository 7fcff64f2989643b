declare const unit: unique symbol;
type In<Unit extends string, Amount> = Amount & { readonly [unit]: Unit };

/** Billionths of a SOL. A bigint if a double may not hold it. */
export type Lamports<Amount extends number | bigint = number> = In<"lamports", Amount>;
/** Millionths of a US dollar: the integers that money is summed in. */
export type MicroUsd<Amount extends number | bigint = number> = In<"micro-USD", Amount>;
/** Basis points: hundredths of a percent. */
export type Bps = In<"basis points", number>;

/*
 * The types above are plain numbers with a mark that only the compiler sees, so that a fee cannot be passed as a price, or a
 * ratio as basis points. Mark a number at the edge, where its unit is known.
 */

/** Says that the number is in lamports. */
export function lamports<Amount extends number | bigint>(amount: Amount): Lamports<Amount> {
  return amount as Lamports<Amount>;
}

/** Says that the number is in micro-USD. */
export function microUsd<Amount extends number | bigint>(amount: Amount): MicroUsd<Amount> {
  return amount as MicroUsd<Amount>;
}

/** Says that the number is in basis points. */
export function bps(amount: number): Bps {
  return amount as Bps;
}
