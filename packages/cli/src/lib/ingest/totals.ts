import type { DecodedBlock, Swap } from "@slipstream/mev";
import { direction } from "@slipstream/solana";

/** What a block's swaps add up to. Lamports are decimal strings, for JSON. */
export interface BlockTotals {
  readonly slot: number | null;
  /** ISO 8601, null if the block does not have it. */
  readonly blockTime: string | null;
  readonly blockTransactions: number;
  readonly blockFailedTransactions: number;
  readonly swaps: number;
  /** Transactions that hold the swaps. */
  readonly transactions: number;
  /** Of those transactions, each counted once. */
  readonly priorityFeeLamports: string;
  readonly baseFeeLamports: string;
  /** Swaps that are known to have happened and cannot be read. They are not sent. */
  readonly undecoded: readonly { readonly id: string; readonly reason: string }[];
  /** Swaps of failed transactions. They are not sent. */
  readonly failedSwaps: number;
  /** Programs that were decoded, most swaps first. `undecoded`: swaps that happened and cannot be read. */
  readonly programs: readonly {
    readonly program: string;
    readonly protocol: string;
    readonly swaps: number;
    readonly undecoded: number;
  }[];
  readonly pools: readonly PoolTotals[];
  /** Programs that no decoder knows: what they swapped is not counted here. */
  readonly unknownPrograms: readonly {
    readonly program: string;
    readonly name?: string;
    readonly instructions: number;
    /** Swaps that show in what its instructions moved. */
    readonly swaps: number;
  }[];
}

export interface PoolTotals {
  readonly pool: string;
  /** The mints: base, quote. */
  readonly tokens: readonly [string, string];
  readonly swaps: number;
  readonly transactions: number;
}

export function blockTotals(block: DecodedBlock): BlockTotals {
  const fees = new Map(block.swaps.map(({ signature, fee }) => [signature, fee]));
  const sum = (part: "base" | "priority"): string =>
    String([...fees.values()].reduce((total, fee) => total + (fee?.[part] ?? 0n), 0n));
  return {
    slot: block.slot,
    blockTime: block.blockTime === null ? null : new Date(block.blockTime * 1000).toISOString(),
    blockTransactions: block.transactions,
    blockFailedTransactions: block.failedTransactions,
    swaps: block.swaps.length,
    transactions: fees.size,
    priorityFeeLamports: sum("priority"),
    baseFeeLamports: sum("base"),
    undecoded: block.undecoded.map(({ id, reason }) => ({ id, reason })),
    failedSwaps: block.attempted.length,
    programs: block.decodedPrograms.map(({ program, protocol, swaps, undecoded, unread }) => ({
      program,
      protocol,
      swaps,
      undecoded: undecoded + unread,
    })),
    pools: poolTotals(block.swaps),
    unknownPrograms: block.unknownPrograms.map(({ program, name, instructions, unread }) => ({
      program,
      ...(name === undefined ? {} : { name }),
      instructions,
      swaps: unread,
    })),
  };
}

function poolTotals(swaps: readonly Swap[]): PoolTotals[] {
  const byPool = new Map<string, Swap[]>();
  for (const swap of swaps) {
    const own = byPool.get(swap.pool);
    if (own === undefined) byPool.set(swap.pool, [swap]);
    else own.push(swap);
  }
  return [...byPool]
    .map(([pool, own]): PoolTotals => {
      const { tokenIn = "", tokenOut = "" } = own[0] ?? {};
      return {
        pool,
        tokens: direction(tokenIn, tokenOut).side === "sell" ? [tokenIn, tokenOut] : [tokenOut, tokenIn],
        swaps: own.length,
        transactions: new Set(own.map(({ signature }) => signature)).size,
      };
    })
    .sort((a, b) => b.swaps - a.swaps || (a.pool < b.pool ? -1 : 1));
}
