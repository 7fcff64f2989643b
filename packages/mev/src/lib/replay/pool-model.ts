import type { FeeRule } from "./constant-product.ts";

/** How a protocol's pools compute: by a constant product with a fee, or in a way that swap events do not tell. */
export type PoolModel =
  | { readonly kind: "constant_product"; readonly fee: FeeRule }
  | { readonly kind: "unknown" }
  | { readonly kind: "unsupported"; readonly reason: string };

const exact = (bps: number): FeeRule => ({ millionths: BigInt(bps * 100), rounding: "exact" });
const charged = (bps: number): FeeRule => ({ millionths: BigInt(bps * 100), rounding: "charged" });

/** Protocol names without case and punctuation. */
const known: ReadonlyMap<string, FeeRule> = new Map([
  ["uniswapv2", exact(30)],
  ["sushiswap", exact(30)],
  ["sushiswapv2", exact(30)],
  ["shibaswap", exact(30)],
  ["pancakeswapv2", exact(25)],
  ["raydium", charged(25)],
  ["raydiumv4", charged(25)],
  ["raydiumamm", charged(25)],
  ["raydiumammv4", charged(25)],
  ["raydiumliquiditypoolv4", charged(25)],
  ["raydiumcpmm", charged(25)],
  ["raydiumcp", charged(25)],
  // Of a fee in tiers, what most pools leave to their liquidity; protocol and creator are paid beside the pool.
  ["pumpamm", charged(20)],
  ["pumpswap", charged(20)],
]);

const unsupported: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [
    /v3|uniswapv4|clmm|whirlpool|concentrated|algebra|maverick|slipstream/,
    "concentrated liquidity: the ticks around the price are not in the swaps",
  ],
  [
    /dlmm|dammv2|liquiditybook|traderjoev2|dynamic/,
    "dynamic pool: its bins and its fee are not in the swaps",
  ],
  [
    /curve|stable|balancer|weighted|saber|mercurial/,
    "no constant product: the pool's curve is not in the swaps",
  ],
  [
    /phoenix|openbook|serum|manifest|orderbook|clob|lifinity|solfi|obric|humidifi|goonfi|zerofi|tessera/,
    "prices are quoted by market makers: what they would have quoted is not in the swaps",
  ],
];

/** Fees that constant-product pools are known to charge, basis points: tried where a pool's own is not known. */
const usualFees = [
  30, 25, 20, 100, 5, 10, 15, 22, 35, 40, 50, 75, 80, 120, 125, 150, 200, 250, 300, 400, 1, 2, 4,
];

/** Every rule that is tried on a pool whose fee is not known, the most usual first. */
export const usualRules: readonly FeeRule[] = usualFees.flatMap((bps) => [exact(bps), charged(bps)]);

export function poolModel(protocol: string): PoolModel {
  const name = protocol.toLowerCase().replace(/[^a-z0-9]/g, "");
  const fee = known.get(name);
  if (fee !== undefined) return { kind: "constant_product", fee };
  const reason = unsupported.find(([pattern]) => pattern.test(name))?.[1];
  return reason === undefined ? { kind: "unknown" } : { kind: "unsupported", reason };
}
