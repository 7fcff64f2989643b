import type { PoolGroups } from "./pool-groups.ts";
import type { Swap } from "./swap.ts";

/**
 * Which swaps are part of an arbitrage within one transaction: what they paid came from the transaction's swaps in
 * other pools, and what they got went back into them, at least half of each. Such a swap carries nothing over to a later
 * leg, so it is none itself.
 * @returns 1 for such a swap, by number.
 */
export function arbitrageSwaps(swaps: readonly Swap[], { groupOf }: PoolGroups): Uint8Array {
  const closed = new Uint8Array(swaps.length);
  for (const members of byTransaction(swaps)) {
    if (members.length < 2) continue;
    const total = new Flows();
    const byPool = new Map<number, Flows>();
    for (const index of members) {
      const swap = swaps[index];
      if (swap === undefined) continue;
      total.add(swap);
      const group = groupOf[index] ?? 0;
      const flows = byPool.get(group) ?? new Flows();
      byPool.set(group, flows);
      flows.add(swap);
    }
    if (byPool.size < 2) continue;
    for (const index of members) {
      const swap = swaps[index];
      const own = byPool.get(groupOf[index] ?? 0);
      if (swap === undefined || own === undefined) continue;
      const { tokenIn, tokenOut } = swap;
      const fromElsewhere = total.given(tokenIn) - own.given(tokenIn);
      const toElsewhere = total.taken(tokenOut) - own.taken(tokenOut);
      if (2n * fromElsewhere >= own.taken(tokenIn) && 2n * toElsewhere >= own.given(tokenOut))
        closed[index] = 1;
    }
  }
  return closed;
}

/** What pools took and gave, by token. */
class Flows {
  readonly #taken = new Map<string, bigint>();
  readonly #given = new Map<string, bigint>();

  add({ tokenIn, tokenOut, amountIn, amountOut }: Swap): void {
    this.#taken.set(tokenIn, this.taken(tokenIn) + amountIn);
    this.#given.set(tokenOut, this.given(tokenOut) + amountOut);
  }

  taken(token: string): bigint {
    return this.#taken.get(token) ?? 0n;
  }

  given(token: string): bigint {
    return this.#given.get(token) ?? 0n;
  }
}

/** A transaction's swaps stand next to each other in chain order. */
function byTransaction(swaps: readonly Swap[]): number[][] {
  const transactions: number[][] = [];
  for (const [index, { signature }] of swaps.entries()) {
    if (index > 0 && swaps[index - 1]?.signature === signature) transactions.at(-1)?.push(index);
    else transactions.push([index]);
  }
  return transactions;
}
