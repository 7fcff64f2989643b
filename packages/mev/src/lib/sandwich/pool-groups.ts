import type { Swap } from "../swaps/swap.ts";

/** The swaps of one pool and one pair of its tokens, by index in chain order. */
export interface PoolGroup {
  readonly pool: string;
  readonly members: readonly number[];
}

export interface PoolGroups {
  readonly groups: readonly PoolGroup[];
  /** Group of each swap. */
  readonly groupOf: Int32Array;
  /** Direction of each swap in its group: 0 or 1. */
  readonly directionOf: Uint8Array;
}

/** A pool with more than two tokens (Balancer, Curve) counts as one pool per pair. */
export function groupByPool(swaps: readonly Swap[]): PoolGroups {
  const numbers = new Map<string, number>();
  const groups: { pool: string; members: number[] }[] = [];
  const groupOf = new Int32Array(swaps.length);
  const directionOf = new Uint8Array(swaps.length);
  for (const [index, { pool, tokenIn, tokenOut }] of swaps.entries()) {
    const forward = tokenIn < tokenOut;
    const key = forward ? `${pool} ${tokenIn} ${tokenOut}` : `${pool} ${tokenOut} ${tokenIn}`;
    let number = numbers.get(key);
    if (number === undefined) {
      number = groups.length;
      numbers.set(key, number);
      groups.push({ pool, members: [] });
    }
    groups[number]?.members.push(index);
    groupOf[index] = number;
    directionOf[index] = forward ? 0 : 1;
  }
  return { groups, groupOf, directionOf };
}
