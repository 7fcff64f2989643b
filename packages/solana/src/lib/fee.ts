/** Base fee of a signature, lamports. Source: https://solana.com/docs/core/fees */
export const LAMPORTS_PER_SIGNATURE = 5000n;

/** Lamports. A file of events tells the total alone. */
export interface TransactionFee {
  readonly total: bigint;
  readonly base?: bigint | undefined;
  readonly priority?: bigint | undefined;
}

/**
 * Splits a transaction's fee: base = 5000 lamports x signatures, priority = the rest. Undefined where the fee is
 * below the base, so that the rule does not hold (the first blocks of the chain). Signatures that a precompiled program
 * checks are charged as base fee too, but not listed: with them the priority fee comes out 5000 lamports too high each.
 */
export function transactionFee(total: bigint, signatures: number): Required<TransactionFee> | undefined {
  const base = LAMPORTS_PER_SIGNATURE * BigInt(signatures);
  return total < base ? undefined : { total, base, priority: total - base };
}
