import type { Swap } from "../../swaps/swap.ts";
import type { RangedPool } from "./ranged-pool.ts";

/** The square root of a price, Q64.64. */
export const root = (price: number): bigint => BigInt(Math.round(Math.sqrt(price) * 2 ** 52)) << 12n;

export interface Story {
  readonly swaps: Swap[];
  readonly lost: bigint;
  readonly crossings: number;
}

export interface Trade {
  readonly buy: boolean;
  /** Share of the virtual reserve at the start. */
  readonly share: number;
}

/**
 * A front run, other swaps, a back run that sells what the front run bought, and what the first of the others
 * lost.
 */
export function sandwiched(
  pool: RangedPool,
  reserve: number,
  front: number,
  others: readonly Trade[],
  protocol: string,
): Story {
  const alone = pool.clone();
  const swaps: Swap[] = [];
  const swap = (buy: boolean, amountIn: bigint): bigint => {
    const amountOut = pool.swap(buy, amountIn);
    const [tokenIn, tokenOut] = buy ? ["MONEY", "TOKEN"] : ["TOKEN", "MONEY"];
    const at = swaps.length;
    const place = { id: `${at}`, slot: 1, txIndex: at, eventIndex: 0, signature: `${at}`, signer: `${at}` };
    swaps.push({ ...place, pool: "pool", protocol, tokenIn, tokenOut, amountIn, amountOut });
    return amountOut;
  };
  const atoms = (share: number): bigint => BigInt(Math.max(1, Math.round(share * reserve)));
  const bought = swap(true, atoms(front));
  let lost = 0n;
  for (const [i, { buy, share }] of others.entries()) {
    const with_ = swap(buy, atoms(share));
    const without = alone.swap(buy, atoms(share));
    if (i === 0) lost = without - with_;
  }
  swap(false, bought);
  return { swaps, lost, crossings: pool.crossings };
}
