import { type Token, tokens } from "../../market/tokens.ts";

export type Protocol = "RaydiumV4" | "RaydiumCPMM" | "OrcaWhirlpool";

export interface PoolSpec {
  readonly protocol: Protocol;
  /**
   * Value of both sides in USD. For a concentrated pool, that of the constant product it follows at its
   * price.
   */
  readonly depthUsd: number;
  /** Millionths of the input. */
  readonly feeMillionths: number;
  /** Share of the pair's trades. */
  readonly weight: number;
}

export interface PairSpec {
  readonly name: string;
  readonly base: Token;
  readonly quote: Token;
  /** Whole quote tokens per base token. */
  readonly startPrice: number;
  /** Standard deviation of the log price over one second. */
  readonly volatility: number;
  /** Share of the desk's trades. */
  readonly weight: number;
  /** How much attackers prefer the pair, as a factor of the odds. */
  readonly appeal: number;
  /** How contended its accounts are: a level added to congestion. */
  readonly heat: number;
  readonly pools: readonly PoolSpec[];
}

const own = (symbol: string, mint: string, decimals = 6): Token => ({ symbol, mint, decimals });
const popcat = own("POPCAT", "7GCihgDB8fe6KNjn2MYtkzZcRjQy3t9GHdC8uHYmW2hr", 9);
const myro = own("MYRO", "HhJpBhRRn4g56VsyLuT8DL5Bv31HkXqsrahTTUCZeZg4", 9);
/** Tokens that exist only in this world. */
const gull = own("GULL", "GuLL7vQh3Zc9pXy2eRkTnWm8dJs5bFa4uHq6LxVt1pump");
const moth = own("MOTH", "MoTH4eKw9nRz6cVb2yXq8hLs3tPd7gJf5uAm1WxZ4pump");

const v4 = (depthUsd: number, weight = 1): PoolSpec => {
  return { protocol: "RaydiumV4", depthUsd, feeMillionths: 2500, weight };
};
const cpmm = (depthUsd: number, feeMillionths: number, weight = 1): PoolSpec => {
  return { protocol: "RaydiumCPMM", depthUsd, feeMillionths, weight };
};
const whirlpool = (depthUsd: number, feeMillionths: number, weight = 1): PoolSpec => {
  return { protocol: "OrcaWhirlpool", depthUsd, feeMillionths, weight };
};

/** From deep pools of large tokens to shallow pools of small ones. SOL/USDC prices SOL. */
export const pairCatalogue: readonly [PairSpec, ...PairSpec[]] = [
  {
    name: "SOL/USDC",
    base: tokens.sol,
    quote: tokens.usdc,
    startPrice: 152.4,
    volatility: 1.8e-4,
    weight: 0.3,
    appeal: 0.5,
    heat: 0.3,
    pools: [v4(9_000_000, 0.6), whirlpool(60_000_000, 400, 0.4)],
  },
  {
    name: "JUP/USDC",
    base: tokens.jup,
    quote: tokens.usdc,
    startPrice: 0.836,
    volatility: 2.8e-4,
    weight: 0.1,
    appeal: 0.8,
    heat: -0.4,
    pools: [v4(1_400_000)],
  },
  {
    name: "BONK/SOL",
    base: tokens.bonk,
    quote: tokens.sol,
    startPrice: 1.53e-7,
    volatility: 4.5e-4,
    weight: 0.18,
    appeal: 1,
    heat: 0,
    pools: [v4(3_200_000, 0.7), cpmm(700_000, 2500, 0.3)],
  },
  {
    name: "WIF/SOL",
    base: tokens.wif,
    quote: tokens.sol,
    startPrice: 0.01227,
    volatility: 4.5e-4,
    weight: 0.16,
    appeal: 1,
    heat: 0,
    pools: [v4(1_600_000, 0.7), whirlpool(4_000_000, 3000, 0.3)],
  },
  {
    name: "POPCAT/SOL",
    base: popcat,
    quote: tokens.sol,
    startPrice: 0.0042,
    volatility: 6e-4,
    weight: 0.1,
    appeal: 1.3,
    heat: 0.2,
    pools: [v4(420_000, 0.5), cpmm(380_000, 2500, 0.5)],
  },
  {
    name: "MYRO/SOL",
    base: myro,
    quote: tokens.sol,
    startPrice: 0.00031,
    volatility: 7e-4,
    weight: 0.08,
    appeal: 1.6,
    heat: 0.5,
    pools: [v4(160_000)],
  },
  {
    name: "GULL/SOL",
    base: gull,
    quote: tokens.sol,
    startPrice: 8.1e-6,
    volatility: 9e-4,
    weight: 0.05,
    appeal: 2,
    heat: 0.8,
    pools: [cpmm(90_000, 2500)],
  },
  {
    name: "MOTH/SOL",
    base: moth,
    quote: tokens.sol,
    startPrice: 2.2e-6,
    volatility: 9e-4,
    weight: 0.03,
    appeal: 2.2,
    heat: 1.0,
    pools: [v4(60_000)],
  },
];
