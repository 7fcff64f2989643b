import type { Token } from "../../market/tokens.ts";
import type { ExecutedSwap } from "../chain/transaction.ts";
import { type PoolAccounts, tokenOut } from "../pools/pool.ts";
import type { Move } from "./balances.ts";
import type { PlainInstruction } from "./instruction.ts";

/** A market maker's program that no decoder knows. */
const UNKNOWN_PROGRAM = "Nobody1KnowsThisMarketMakersProgram11111111";
/** Arguments that no decoder knows: for Raydium v4 a tag beyond the last one, for others a discriminator. */
const UNKNOWN_DATA = Buffer.from("fe5c0ffee5c0ffee0102030405060708", "hex");

/** The same swap by a program that nobody knows. */
export function byUnknownProgram(swap: PlainInstruction): PlainInstruction {
  return { ...swap, program: UNKNOWN_PROGRAM, data: UNKNOWN_DATA };
}

/** The same swap by an instruction of the pool's program that nobody knows. */
export function byUnknownInstruction(swap: PlainInstruction): PlainInstruction {
  return { ...swap, data: UNKNOWN_DATA };
}

const onward: Token = { symbol: "USDT", mint: "Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB", decimals: 6 };
const HELD = 10n ** 15n;
/** Whatever it pays: nobody reads it. */
const PAID = 1_234_567n;

/** A route's next swap: what was bought is sold on in a pool of a program that nobody knows. */
export function onwardHop({ pool, buy, amountOut }: ExecutedSwap): Move {
  const base = tokenOut(pool, buy);
  const next: PoolAccounts = {
    index: pool.index,
    pair: { base, quote: onward },
    protocol: "RaydiumV4",
    program: UNKNOWN_PROGRAM,
    address: `Next${pool.address.slice(4)}`,
    authority: `Next${pool.authority.slice(4)}`,
    vaults: { base: `Next${pool.vaults.base.slice(4)}`, quote: `Next${pool.vaults.quote.slice(4)}` },
    others: pool.others,
  };
  return {
    pool: next,
    buy: false,
    amountIn: amountOut,
    amountOut: PAID,
    before: { base: HELD + amountOut, quote: HELD },
  };
}
