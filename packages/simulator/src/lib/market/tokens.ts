export interface Token {
  readonly symbol: string;
  /** Mint address, base58. */
  readonly mint: string;
  /** An atom is 10^-decimals of the token. */
  readonly decimals: number;
}

/** The mints on mainnet. */
const sol: Token = { symbol: "SOL", mint: "So11111111111111111111111111111111111111112", decimals: 9 };
const usdc: Token = { symbol: "USDC", mint: "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v", decimals: 6 };
const jup: Token = { symbol: "JUP", mint: "JUPyiwrYJFskUPiHa7hkeR8VUtAeFoSYbKedZNsDvCN", decimals: 6 };
const bonk: Token = { symbol: "BONK", mint: "DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263", decimals: 5 };
const wif: Token = { symbol: "WIF", mint: "EKpQGSJtjMFqKZ9KQanSqYXRcFBfBopzLHYxdM65zcjm", decimals: 6 };

export const tokens: Readonly<Record<"sol" | "usdc" | "jup" | "bonk" | "wif", Token>> = {
  sol,
  usdc,
  jup,
  bonk,
  wif,
};

export interface Pair {
  /** For example "SOL/USDC". */
  readonly name: string;
  readonly base: Token;
  readonly quote: Token;
  /** Initial price, in whole quote tokens per base token. */
  readonly startPrice: number;
  /** Standard deviation of the log price over one second. */
  readonly volatility: number;
  /** Value of both sides of the pool, in USD. */
  readonly depthUsd: number;
  readonly feeBps: number;
  /** Name and address of the pool in Jupiter's routes. */
  readonly poolLabel: string;
  readonly pool: string;
  /** Share of the desk's trades. */
  readonly weight: number;
  /** How much attackers prefer the pair, as a factor of the odds. */
  readonly appeal: number;
}

/**
 * SOL/USDC comes first: it prices SOL. The other prices start where the real ones once were. Pools are
 * shallow enough for the larger trades to be worth attacking.
 */
export const pairs: readonly [Pair, ...Pair[]] = [
  {
    name: "SOL/USDC",
    base: tokens.sol,
    quote: tokens.usdc,
    startPrice: 152.4,
    volatility: 1.8e-4,
    depthUsd: 6_000_000,
    feeBps: 2,
    poolLabel: "Whirlpool",
    pool: "Czfq3xZZDmsdGdUyrNLtRhGc47cXcZtLG4crryfu44zE",
    weight: 0.5,
    appeal: 0.5,
  },
  {
    name: "JUP/USDC",
    base: tokens.jup,
    quote: tokens.usdc,
    startPrice: 0.836,
    volatility: 2.8e-4,
    depthUsd: 500_000,
    feeBps: 25,
    poolLabel: "Raydium CP",
    pool: "7Sf6mtkeLiaQf2A6GpM2km8FSeNFhQy1bU7YnLdqCeeo",
    weight: 0.2,
    appeal: 0.8,
  },
  {
    name: "BONK/SOL",
    base: tokens.bonk,
    quote: tokens.sol,
    startPrice: 1.53e-7,
    volatility: 4.5e-4,
    depthUsd: 400_000,
    feeBps: 25,
    poolLabel: "Raydium",
    pool: "HVNwzt7Pxfu76KHCMQPTLuTCLTm6WnQ1esLv4eizseSv",
    weight: 0.2,
    appeal: 1,
  },
  {
    name: "WIF/SOL",
    base: tokens.wif,
    quote: tokens.sol,
    startPrice: 0.01227,
    volatility: 4.5e-4,
    depthUsd: 300_000,
    feeBps: 25,
    poolLabel: "Raydium",
    pool: "EP2ib6dYdEeqD8MfE2ezHCxX3kP3K2eLKkirfPm5eyMx",
    weight: 0.1,
    appeal: 1.3,
  },
];

/** The pair that trades these two mints, in either direction; undefined if there is none. */
export function pairOf(inputMint: string, outputMint: string): { pair: Pair; side: Side } | undefined {
  for (const pair of pairs) {
    if (pair.base.mint === outputMint && pair.quote.mint === inputMint) return { pair, side: "buy" };
    if (pair.base.mint === inputMint && pair.quote.mint === outputMint) return { pair, side: "sell" };
  }
  return undefined;
}

/** Side of the base token: a buy pays the quote token. */
export type Side = "buy" | "sell";

export function inputToken(pair: Pair, side: Side): Token {
  return side === "buy" ? pair.quote : pair.base;
}

export function outputToken(pair: Pair, side: Side): Token {
  return side === "buy" ? pair.base : pair.quote;
}

/** Converts atoms to whole tokens (a double, for values in USD but never for amounts). */
export function toTokens(token: Token, atoms: bigint): number {
  return Number(atoms) / 10 ** token.decimals;
}

/** Converts whole tokens to atoms, rounded down, at least one. */
export function toAtoms(token: Token, amount: number): bigint {
  return BigInt(Math.max(1, Math.floor(amount * 10 ** token.decimals)));
}
