import type { Unread } from "../chain/form.ts";
import { mainInstruction } from "../chain/swap-events.ts";
import {
  BASE_FEE,
  type ExecutedSwap,
  type Pass,
  type SwapOrder,
  type WorldTransaction,
} from "../chain/transaction.ts";
import type { PoolAccounts } from "../pools/pool.ts";
import type { TransactionAnswer } from "./answer.ts";
import type { Move } from "./balances.ts";
import { computeUnitLimit, computeUnitPrice, type PlainInstruction, tip, transfer } from "./instruction.ts";
import { swapTransfers } from "./swap-calls.ts";
import { swapInstruction } from "./swap-instruction.ts";
import { tokenAccount } from "./token-account.ts";
import { type LookupTable, transactionAnswer } from "./transaction-answer.ts";
import { byUnknownInstruction, byUnknownProgram, onwardHop } from "./unread-calls.ts";

/** Anchor's discriminator of `route`, with which the routers' data begin here. */
const ROUTE = Buffer.from("e517cb977ae3ad2a", "hex");
/** Error codes of the router and the pool for exceeded slippage. */
const ROUTER_ERROR = 6001;
const POOL_ERROR = 30;

/** A transaction that swaps, or passes tokens on, as returned by `getBlock`. */
export function swapTransactionAnswer(transaction: WorldTransaction, blockhash: string): TransactionAnswer {
  const { draft, form, failed, signature, priorityLamports, swaps } = transaction;
  const { signer, owner = signer, offer, program, orders, pass } = draft;
  const { main, inner, moves } = mainCalls(transaction);
  const tips = offer.tipLamports > 0 ? [tip(signer, offer.tipLamports)] : [];
  const budget = form.isV1
    ? []
    : [computeUnitLimit(offer.computeUnitLimit), computeUnitPrice(offer.computeUnitPrice)];
  return transactionAnswer({
    signature,
    blockhash,
    signer,
    owner,
    top: [...budget, main, ...tips],
    inner,
    main: mainInstruction(transaction),
    error: failed ? (program === undefined ? POOL_ERROR : ROUTER_ERROR) : undefined,
    moves: [...swaps, ...moves],
    pass,
    feeLamports: Number(BASE_FEE + priorityLamports),
    tipLamports: failed ? 0 : offer.tipLamports,
    computeUnits: Math.round(offer.computeUnitLimit * 0.71),
    // Routers and bots keep the pools' accounts in lookup tables; direct calls list them. Version 1 has no tables.
    table: program === undefined || form.isV1 ? undefined : lookupTable(orders.map(({ pool }) => pool)),
    config: form.isV1
      ? { computeUnitLimit: offer.computeUnitLimit, priorityFee: Number(priorityLamports) }
      : undefined,
  });
}

interface MainCalls {
  readonly main: PlainInstruction;
  readonly inner: readonly PlainInstruction[];
  /** What it moved in pools that are not the world's. */
  readonly moves: readonly Move[];
}

/** The swap instruction, or the router's instruction that leads to the swaps, and what it calls. */
function mainCalls({ draft, form, swaps }: WorldTransaction): MainCalls {
  const { program, orders, signer, owner = signer, pass } = draft;
  if (pass !== undefined) return { main: passOn(pass), inner: [], moves: [] };
  const height = program === undefined ? 1 : 2;
  const calls: PlainInstruction[] = [];
  for (const [number, order] of orders.entries()) {
    const swap = swaps[number];
    // A failed transaction failed in its first swap.
    if (swap === undefined && number > 0) break;
    const { isShort } = form;
    const call = swapInstruction({ ...limits(order, swap, draft.minOut), owner, height, isShort });
    calls.push(swap === undefined ? call : asRead(call, form.unread));
    if (swap !== undefined) calls.push(...swapTransfers(owner, swap, height + 1));
  }
  const last = swaps.at(-1);
  const moves = form.unread === "hop" && last !== undefined ? [onwardHop(last)] : [];
  for (const move of moves) {
    const { pool, buy, amountIn } = move;
    const call = { pool, buy, owner, amount: amountIn, exactOut: false, limit: 0n, height, isShort: false };
    calls.push(byUnknownProgram(swapInstruction(call)), ...swapTransfers(owner, move, height + 1));
  }
  const [first, ...rest] = calls;
  if (first === undefined) throw new RangeError("the transaction has no order");
  if (program === undefined) return { main: first, inner: rest, moves };
  const accounts = [signer, ...orders.map(({ pool }) => pool.address)];
  return { main: { program, accounts, data: ROUTE, height: 1 }, inner: calls, moves };
}

function asRead(call: PlainInstruction, unread: Unread | undefined): PlainInstruction {
  if (unread === "program") return byUnknownProgram(call);
  return unread === "instruction" ? byUnknownInstruction(call) : call;
}

function passOn({ token, from, to, amount }: Pass): PlainInstruction {
  const accounts = {
    from: tokenAccount(from, token.mint),
    to: tokenAccount(to, token.mint),
    authority: from,
  };
  return transfer({ ...accounts, amount, height: 1, checked: token });
}

function limits(
  { pool, buy, amount, exactOut = false }: SwapOrder,
  swap: ExecutedSwap | undefined,
  minOut: bigint | undefined,
): { pool: PoolAccounts; buy: boolean; amount: bigint; exactOut: boolean; limit: bigint } {
  const paid = swap?.amountIn ?? 0n;
  return { pool, buy, amount, exactOut, limit: exactOut ? paid + paid / 100n : (minOut ?? 0n) };
}

/** The first pool's table: everything except what the transaction itself calls. */
export function lookupTable(pools: readonly PoolAccounts[]): LookupTable {
  const accounts = new Map<string, "writable" | "readonly">();
  for (const pool of pools) {
    for (const account of [pool.address, pool.vaults.base, pool.vaults.quote])
      accounts.set(account, "writable");
    for (const account of [pool.authority, ...pool.others]) accounts.set(account, "readonly");
  }
  return { address: pools[0]?.others.at(-1) ?? "", accounts };
}
