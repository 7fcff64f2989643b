import { wrappedSol } from "./programs/ids.ts";

/** Mint addresses of Solana's main network. */
const usdc = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v";
const usdt = "Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB";

/** Tokens that are worth a dollar each, with six decimals. */
export const dollars: ReadonlySet<string> = new Set([usdc, usdt]);

/** Tokens that prices are commonly given in; the first of the list wins. */
const quotes: readonly (readonly [mint: string, symbol: string])[] = [
  [usdc, "USDC"],
  [usdt, "USDT"],
  [wrappedSol, "SOL"],
];

const symbols: ReadonlyMap<string, string> = new Map(quotes);

/** A token's symbol if it is certain, else its mint: anyone may call a token USDC. */
export function tokenName(mint: string): string {
  return symbols.get(mint) ?? mint;
}

export interface Direction {
  /** base/quote */
  readonly pair: string;
  /** Of the base token, as the trader sees it. */
  readonly side: "buy" | "sell";
}

/** The pair that a swap trades, and its side. If neither token is one of the list, the order of the mints decides. */
export function direction(tokenIn: string, tokenOut: string): Direction {
  const [rankIn, rankOut] = [rank(tokenIn), rank(tokenOut)];
  const paysQuote = rankIn === rankOut ? tokenIn > tokenOut : rankIn < rankOut;
  return paysQuote
    ? { pair: `${tokenName(tokenOut)}/${tokenName(tokenIn)}`, side: "buy" }
    : { pair: `${tokenName(tokenIn)}/${tokenName(tokenOut)}`, side: "sell" };
}

function rank(mint: string): number {
  const index = quotes.findIndex(([quote]) => quote === mint);
  return index === -1 ? quotes.length : index;
}
