/** Base fee per signature, in lamports. Source: https://solana.com/docs/core/fees */
export const LAMPORTS_PER_SIGNATURE = 5000n;

/** Lamports. A file of events contains only the total. */
export interface TransactionFee {
  readonly total: bigint;
  readonly base?: bigint | undefined;
  readonly priority?: bigint | undefined;
}

/**
 * Splits a transaction's fee: base = 5000 lamports x signatures, priority = the rest. Undefined if the fee is
 * below the base, in which case the rule does not apply (first blocks of the chain). Signatures checked by
 * precompiled programs are charged as base fee too, but are not listed: each makes the priority fee 5000
 * lamports too high.
 */
export function transactionFee(total: bigint, signatures: number): Required<TransactionFee> | undefined {
  const base = LAMPORTS_PER_SIGNATURE * BigInt(signatures);
  return total < base ? undefined : { total, base, priority: total - base };
}
