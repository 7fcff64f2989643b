import type { Pair } from "../market/tokens.ts";
import { pairs } from "../market/tokens.ts";
import { tokenAccount } from "../mev-world/blocks/token-account.ts";
import { type PoolAccounts, programs } from "../mev-world/pools/pool.ts";

const protocols: Readonly<Record<string, PoolAccounts["protocol"]>> = {
  Whirlpool: "OrcaWhirlpool",
  "Meteora DLMM": "MeteoraDLMM",
  Raydium: "RaydiumV4",
};

const byPair = new Map(pairs.map((pair) => [pair, accountsOf(pair)]));

/** The accounts of a pair's pool: its address is the chain's own, the others are made from it. */
export function poolOf(pair: Pair): PoolAccounts {
  return byPair.get(pair) ?? accountsOf(pair);
}

function accountsOf(pair: Pair): PoolAccounts {
  const { pool: address, base, quote, poolLabel } = pair;
  const protocol = protocols[poolLabel] ?? "RaydiumV4";
  const other = (number: number): string => address.slice(0, 30) + address.slice(number, number + 13);
  return {
    index: pairs.indexOf(pair),
    pair: { base, quote },
    protocol,
    program: programs[protocol],
    address,
    authority: other(1),
    vaults: { base: tokenAccount(address, base.mint), quote: tokenAccount(address, quote.mint) },
    others: Array.from({ length: 12 }, (_, number) => other(number + 2)),
  };
}
