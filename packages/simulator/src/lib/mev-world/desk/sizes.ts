import type { Random } from "../../random.ts";
import type { WorldPool } from "../pools/pool.ts";
import { drawWeighted, nonEmpty } from "../weighted.ts";

/**
 * Distribution of sizes over the buckets 0, 100, 1,000, 10,000, 100,000 USD: about 19, 49, 29, 3 % and a few
 * of the largest.
 */
export const MEDIAN_USD = 450;
export const SIGMA = 1.7;
const LEAST_USD = 5;
const MOST_USD = 400_000;
/** Maximum trade size as a share of one side of the pool. For more, the desk uses another pool. */
const LARGEST_SHARE = 0.04;

export interface Placed {
  readonly pool: WorldPool;
  readonly sizeUsd: number;
}

/** Draws a size and a pool deep enough for it, by the weights of pairs and pools. */
export function drawSize(pools: readonly WorldPool[], random: Random): Placed {
  const drawn = Math.min(MOST_USD, Math.max(LEAST_USD, random.lognormal(MEDIAN_USD, SIGMA)));
  const fitting = pools.filter(({ spec }) => drawn <= largest(spec.depthUsd));
  const [deepest] = [...pools].sort((a, b) => b.spec.depthUsd - a.spec.depthUsd);
  const among = fitting.length > 0 ? fitting : pools.filter((pool) => pool === deepest);
  const weighted = nonEmpty(among.map((pool) => ({ pool, weight: pool.pair.weight * pool.spec.weight })));
  const { pool } = drawWeighted(weighted, random);
  return { pool, sizeUsd: Math.round(Math.min(drawn, largest(pool.spec.depthUsd)) * 100) / 100 };
}

function largest(depthUsd: number): number {
  return (depthUsd / 2) * LARGEST_SHARE;
}
