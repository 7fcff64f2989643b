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

interface Pair {
  readonly number: number;
  readonly token0: string;
  readonly token1: string;
}

/** A pool with more than two tokens (Balancer, Curve) counts as one pool per pair. */
export function groupByPool(swaps: readonly Swap[]): PoolGroups {
  const pairsOf = new Map<string, Pair[]>();
  const groups: { pool: string; members: number[] }[] = [];
  const groupOf = new Int32Array(swaps.length);
  const directionOf = new Uint8Array(swaps.length);
  for (const [index, { pool, tokenIn, tokenOut }] of swaps.entries()) {
    const forward = tokenIn < tokenOut;
    const [token0, token1] = forward ? [tokenIn, tokenOut] : [tokenOut, tokenIn];
    const pairs = pairsOf.get(pool) ?? [];
    let pair = pairs.find((one) => one.token0 === token0 && one.token1 === token1);
    if (pair === undefined) {
      pair = { number: groups.length, token0, token1 };
      if (pairs.length === 0) pairsOf.set(pool, pairs);
      pairs.push(pair);
      groups.push({ pool, members: [] });
    }
    groups[pair.number]?.members.push(index);
    groupOf[index] = pair.number;
    directionOf[index] = forward ? 0 : 1;
  }
  return { groups, groupOf, directionOf };
}
