/**
 * Priority fee in lamports, rounded up. It is charged on the requested limit, even if the transaction fails.
 * @param unitLimit Requested compute units.
 * @param unitPrice Micro-lamports per compute unit.
 * Source: https://solana.com/docs/core/fees
 */
export function priorityFee(unitLimit: number, unitPrice: number): number {
  return Math.ceil((unitLimit * unitPrice) / 1_000_000);
}
