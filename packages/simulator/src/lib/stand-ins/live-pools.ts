import type { Market } from "../market/market.ts";
import { type Pair, pairs, tokens } from "../market/tokens.ts";
import type { Names } from "../mev-world/names.ts";
import type { PairSpec, Protocol } from "../mev-world/pools/catalogue.ts";
import { makePool, type WorldPool } from "../mev-world/pools/pool.ts";
import { inAtoms, type PairPrice } from "../mev-world/pools/prices.ts";
import type { Random } from "../random.ts";

const protocols: Readonly<Record<string, Protocol>> = {
  Whirlpool: "OrcaWhirlpool",
  Raydium: "RaydiumV4",
  "Raydium CP": "RaydiumCPMM",
};

/**
 * One pool for each of the market's pairs, at its price. @param timeOf Start of a slot in the market's time,
 * in ms.
 */
export function livePools(
  market: Market,
  timeOf: (slot: number) => number,
  random: Random,
  names: Names,
): ReadonlyMap<Pair, WorldPool> {
  return new Map(
    pairs.map((pair, index) => {
      const spec = specOf(pair);
      const [poolSpec] = spec.pools;
      if (poolSpec === undefined) throw new RangeError(`${pair.name} has no pool`);
      const draft = {
        index,
        pair: spec,
        spec: poolSpec,
        outside: marketPrice(market, pair, timeOf),
        quoteUsd: pair.quote === tokens.sol ? pairs[0].startPrice : 1,
      };
      return [pair, { ...makePool(draft, random.fork(pair.name), names), address: pair.pool }];
    }),
  );
}

function specOf({ name, base, quote, startPrice, volatility, weight, appeal, ...pool }: Pair): PairSpec {
  const protocol = protocols[pool.poolLabel];
  if (protocol === undefined) throw new RangeError(`unknown kind of pool: ${pool.poolLabel}`);
  const { depthUsd, feeBps } = pool;
  const pools = [{ protocol, depthUsd, feeMillionths: feeBps * 100, weight: 1 }];
  return { name, base, quote, startPrice, volatility, weight, appeal, heat: 0, pools };
}

/** The external price is that of the market. */
function marketPrice(market: Market, pair: Pair, timeOf: (slot: number) => number): PairPrice {
  let timeMs = 0;
  return {
    advance(slot) {
      timeMs = timeOf(slot);
    },
    get price() {
      return market.price(pair, timeMs);
    },
    get atomPrice() {
      return inAtoms(pair, this.price);
    },
  };
}
