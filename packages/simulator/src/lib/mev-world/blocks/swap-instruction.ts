import { programId, u64 } from "@slipstream/solana";
import { type PoolAccounts, tokenIn, tokenOut } from "../pools/pool.ts";
import type { PlainInstruction } from "./instruction.ts";
import { tokenAccount } from "./token-account.ts";

/** A call of a pool's swap instruction. */
export interface SwapCall {
  readonly pool: PoolAccounts;
  readonly buy: boolean;
  /** Owner of the trader's token accounts. */
  readonly owner: string;
  readonly amount: bigint;
  readonly exactOut: boolean;
  /** Minimum output, or maximum input. */
  readonly limit: bigint;
  readonly height: number;
  /** Raydium v4: the second version of the instruction, with 8 accounts. Default: the first. */
  readonly isShort?: boolean;
}

export function swapInstruction(call: SwapCall): PlainInstruction {
  const { program, protocol } = call.pool;
  return { program, height: call.height, ...layouts[protocol](call) };
}

type Layout = (call: SwapCall) => Pick<PlainInstruction, "accounts" | "data">;

const layouts: Readonly<Record<PoolAccounts["protocol"], Layout>> = {
  RaydiumV4: raydiumV4,
  RaydiumCPMM: raydiumCpmm,
  OrcaWhirlpool: orcaWhirlpool,
};

/** 18 accounts, or 17 without the target orders; 8 in the second version. Source: raydium-io/raydium-amm, program/src/instruction.rs. */
function raydiumV4({
  pool,
  buy,
  owner,
  amount,
  exactOut,
  limit,
  isShort = false,
}: SwapCall): ReturnType<Layout> {
  const [openOrders = "", targetOrders = "", market = "", ...marketAccounts] = pool.others;
  const orders = pool.index % 2 === 1 ? [openOrders] : [openOrders, targetOrders];
  const accounts = [
    programId.token,
    pool.address,
    pool.authority,
    ...(isShort ? [] : orders),
    pool.vaults.base,
    pool.vaults.quote,
    ...(isShort ? [] : [market, ...marketAccounts.slice(0, 7)]),
    tokenAccount(owner, tokenIn(pool, buy).mint),
    tokenAccount(owner, tokenOut(pool, buy).mint),
    owner,
  ];
  const data = exactOut
    ? Buffer.concat([Buffer.from([isShort ? 17 : 11]), u64(limit), u64(amount)])
    : Buffer.concat([Buffer.from([isShort ? 16 : 9]), u64(amount), u64(limit)]);
  return { accounts, data };
}

/**
 * Source: raydium-io/raydium-cp-swap, instructions/swap_base_input.rs; Anchor's discriminator of the name.
 */
function raydiumCpmm({ pool, buy, owner, amount, exactOut, limit }: SwapCall): ReturnType<Layout> {
  const [config = "", observation = ""] = pool.others;
  const [vaultIn, vaultOut] = vaults(pool, buy);
  const [mintIn, mintOut] = [tokenIn(pool, buy).mint, tokenOut(pool, buy).mint];
  const accounts = [
    owner,
    pool.authority,
    config,
    pool.address,
    tokenAccount(owner, mintIn),
    tokenAccount(owner, mintOut),
    vaultIn,
    vaultOut,
    programId.token,
    programId.token,
    mintIn,
    mintOut,
    observation,
  ];
  const [name, first, second] = exactOut
    ? (["37d96256a34ab4ad", limit, amount] as const)
    : (["8fbe5adac41e33de", amount, limit] as const);
  return { accounts, data: Buffer.concat([Buffer.from(name, "hex"), u64(first), u64(second)]) };
}

/**
 * `swap`: amount, threshold, limit of the square root of the price, which side is fixed, direction. Token A
 * is the base.
 */
function orcaWhirlpool({ pool, buy, owner, amount, limit }: SwapCall): ReturnType<Layout> {
  const [one = "", two = "", three = "", oracle = ""] = pool.others;
  const accounts = [
    programId.token,
    owner,
    pool.address,
    tokenAccount(owner, pool.pair.base.mint),
    pool.vaults.base,
    tokenAccount(owner, pool.pair.quote.mint),
    pool.vaults.quote,
    one,
    two,
    three,
    oracle,
  ];
  const name = Buffer.from("f8c69e91e17587c8", "hex");
  const ends = Buffer.from([1, buy ? 0 : 1]);
  return { accounts, data: Buffer.concat([name, u64(amount), u64(limit), Buffer.alloc(16), ends]) };
}

/** The pool's token accounts: the one that receives, then the one that pays out. */
export function vaults(pool: Pick<PoolAccounts, "vaults">, buy: boolean): readonly [string, string] {
  const { base, quote } = pool.vaults;
  return buy ? [quote, base] : [base, quote];
}
