import type { FeeRule } from "./constant-product.ts";

/** How a protocol's pools compute: by a constant product with a fee, or in a way that swap events do not tell. */
export type PoolModel =
  | {
      readonly kind: "constant_product";
      readonly fee: FeeRule;
      /** Part of the fee, in millionths, that its vaults hold and that is not traded against. */
      readonly apart: bigint | undefined;
    }
  | {
      /** Liquidity in ranges of the price; within one a constant product of virtual reserves. */
      readonly kind: "concentrated";
      /** Millionths of the input that its pools may charge. */
      readonly fees: readonly bigint[];
    }
  | {
      /** A constant product that charges its fee in one of its tokens; millionths, as they may be. */
      readonly kind: "quote_fee";
      readonly fees: readonly bigint[];
    }
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
  // Amounts are the curve's own: fees are charged beside them.
  ["pumpfun", exact(0)],
]);

/**
 * What Pump's AMM leaves to liquidity depends on the pool and its market value, and is changed at times: whole basis points, the
 * usual ones first. Protocol and creator are paid beside the pool.
 */
const pumpFees: readonly bigint[] = [
  ...new Set(
    [20, 2, 25, 30, ...Array.from({ length: 101 }, (_, bps) => bps)].map((bps) => BigInt(bps * 100)),
  ),
];

/** Uniswap v3's tiers and PancakeSwap v3's. */
export const uniswapV3Fees: readonly bigint[] = [100n, 500n, 2500n, 3000n, 10_000n];
/** Source: Orca's fee tiers, docs.orca.so, and such as pools were opened with before. */
const whirlpoolFees = [100n, 200n, 400n, 500n, 800n, 1600n, 3000n, 6500n, 10_000n, 20_000n];
/** Source: Raydium's list of configurations, api-v3.raydium.io/main/clmm-config. */
const clmmFees = [
  100n,
  200n,
  300n,
  400n,
  500n,
  600n,
  800n,
  1000n,
  1500n,
  2000n,
  2500n,
  4000n,
  10_000n,
  20_000n,
];

const concentrated: readonly (readonly [pattern: RegExp, fees: readonly bigint[]])[] = [
  [/whirlpool/, whirlpoolFees],
  [/clmm/, clmmFees],
  [/v3|uniswapv4|concentrated|algebra|maverick|slipstream/, uniswapV3Fees],
];

/**
 * Raydium CPMM sets 12 % of the fee apart for the protocol and 4 % for a fund.
 * Source: raydium-io/raydium-cp-swap, curve/fees.rs; the rates are those of its configurations.
 */
const heldApart: ReadonlyMap<string, bigint> = new Map([
  ["raydiumcpmm", 160_000n],
  ["raydiumcp", 160_000n],
]);

const unsupported: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [
    /dlmm|dammv2|liquiditybook|traderjoev2|dynamic/,
    "dynamic pool: its bins and its fee are not in the swaps",
  ],
  [
    /dammv1/,
    "its vaults are shared with other pools: what its shares in them are worth, and its curve, are not in the swaps",
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
  if (fee !== undefined) return { kind: "constant_product", fee, apart: heldApart.get(name) };
  if (name === "pumpamm" || name === "pumpswap") return { kind: "quote_fee", fees: pumpFees };
  const fees = concentrated.find(([pattern]) => pattern.test(name))?.[1];
  if (fees !== undefined) return { kind: "concentrated", fees };
  const reason = unsupported.find(([pattern]) => pattern.test(name))?.[1];
  return reason === undefined ? { kind: "unknown" } : { kind: "unsupported", reason };
}
