import type { FeeRule } from "./constant-product.ts";
import type { PossibleFees } from "./range-rules.ts";

/**
 * How a protocol's pools compute: by a constant product with a fee, or in a way that swap events do not
 * reveal.
 */
export type PoolModel =
  | {
      readonly kind: "constant_product";
      readonly fee: FeeRule;
    }
  | {
      /** Raydium CPMM. */
      readonly kind: "cpmm";
    }
  | {
      /** Liquidity in price ranges. Within a range: a constant product of virtual reserves. */
      readonly kind: "concentrated";
      readonly fees: PossibleFees;
    }
  | {
      /**
       * A constant product that charges its fee in one of its tokens. The possible fees are in millionths.
       */
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
  // Amounts are those of the curve itself; fees are charged on top.
  ["pumpfun", exact(0)],
]);

/**
 * The liquidity providers' fee in Pump's AMM depends on the pool and its market value, and changes from time
 * to time. These are whole basis points, the common ones first. Protocol and creator fees are paid outside
 * the pool.
 */
const pumpFees: readonly bigint[] = [
  ...new Set(
    [20, 2, 25, 30, ...Array.from({ length: 101 }, (_, bps) => bps)].map((bps) => BigInt(bps * 100)),
  ),
];

/** The tiers of Uniswap v3 and PancakeSwap v3. */
export const uniswapV3Fees: PossibleFees = onInput([100n, 500n, 2500n, 3000n, 10_000n]);
/**
 * Fees that depend on how far the price has moved end here.
 * Source: orca-so/whirlpools, manager/fee_rate_manager.rs; raydium-io/raydium-clmm, states/pool_fee.rs.
 */
const mostFee = 100_000n;
/** Source: Orca's fee tiers, docs.orca.so, plus fees of older pools. */
const whirlpoolFees: PossibleFees = {
  ...onInput([100n, 200n, 400n, 500n, 800n, 1600n, 3000n, 6500n, 10_000n, 20_000n]),
  any: mostFee,
};
/**
 * Since 2026, a pool may charge its fee always in one token.
 * Source: Raydium's list of configurations, api-v3.raydium.io/main/clmm-config; raydium-io/raydium-clmm.
 */
const clmmFees: PossibleFees = {
  millionths: [100n, 200n, 300n, 400n, 500n, 600n, 800n, 1000n, 1500n, 2000n, 2500n, 4000n, 10_000n, 20_000n],
  inOneToken: true,
  any: mostFee,
};

function onInput(millionths: readonly bigint[]): PossibleFees {
  return { millionths, inOneToken: false, any: undefined };
}

const concentrated: readonly (readonly [pattern: RegExp, fees: PossibleFees])[] = [
  [/whirlpool/, whirlpoolFees],
  [/clmm/, clmmFees],
  [/v3|uniswapv4|concentrated|algebra|maverick|slipstream/, uniswapV3Fees],
];

/** Order books and market makers' own pools. */
const quoted =
  /phoenix|openbook|serum|manifest|orderbook|clob|lifinity|solfi|obric|humidifi|goonfi|zerofi|tessera|bisonfi|alphaq/;

const unsupported: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [
    /dlmm|dammv2|liquiditybook|traderjoev2|dynamic/,
    "dynamic pool: its bins and its fee are not in the swaps",
  ],
  [
    /dammv1/,
    "its vaults are shared with other pools: its curve and the value of its shares in them are not in the swaps",
  ],
  [
    /launchlab|launchpad|meteoradbc|moonshot|moonit/,
    "bonding curve: its virtual reserves and its fee are not in the swaps",
  ],
  [
    /curve|stable|balancer|weighted|saber|mercurial/,
    "not a constant product: the pool's curve is not in the swaps",
  ],
  [quoted, "prices are quoted by market makers: what they would have quoted is not in the swaps"],
];

/**
 * Fees that constant-product pools are known to charge, in basis points. They are tried if the pool's fee is
 * unknown.
 */
const usualFees = [
  30, 25, 20, 100, 5, 10, 15, 22, 35, 40, 50, 75, 80, 120, 125, 150, 200, 250, 300, 400, 1, 2, 4,
];

/** Every rule that is tried on a pool with an unknown fee, the most common first. */
export const usualRules: readonly FeeRule[] = usualFees.flatMap((bps) => [exact(bps), charged(bps)]);

/** Whether makers quote the pool's prices, which then move without a swap. */
export function isQuoted(protocol: string): boolean {
  return quoted.test(nameOf(protocol));
}

function nameOf(protocol: string): string {
  return protocol.toLowerCase().replace(/[^a-z0-9]/g, "");
}

export function poolModel(protocol: string): PoolModel {
  const name = nameOf(protocol);
  const fee = known.get(name);
  if (fee !== undefined) return { kind: "constant_product", fee };
  if (name === "raydiumcpmm" || name === "raydiumcp") return { kind: "cpmm" };
  if (name === "pumpamm" || name === "pumpswap") return { kind: "quote_fee", fees: pumpFees };
  const fees = concentrated.find(([pattern]) => pattern.test(name))?.[1];
  if (fees !== undefined) return { kind: "concentrated", fees };
  const reason = unsupported.find(([pattern]) => pattern.test(name))?.[1];
  return reason === undefined ? { kind: "unknown" } : { kind: "unsupported", reason };
}
