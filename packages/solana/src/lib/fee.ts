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
 * @param named priority fee that the transaction names itself (version 1), lamports: the rest is its base fee
 */
export function transactionFee(
  total: bigint,
  signatures: number,
  named?: bigint | undefined,
): Required<TransactionFee> | undefined {
  if (named !== undefined && named <= total) return { total, base: total - named, priority: named };
  const base = LAMPORTS_PER_SIGNATURE * BigInt(signatures);
  return total < base ? undefined : { total, base, priority: total - base };
}
