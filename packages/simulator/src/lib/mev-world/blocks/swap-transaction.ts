import { MAIN_INSTRUCTION } from "../chain/swap-events.ts";
import { BASE_FEE, type ExecutedSwap, type SwapOrder, type WorldTransaction } from "../chain/transaction.ts";
import type { PoolAccounts } from "../pools/pool.ts";
import type { TransactionAnswer } from "./answer.ts";
import { computeUnitLimit, computeUnitPrice, type PlainInstruction, tip } from "./instruction.ts";
import { swapTransfers } from "./swap-calls.ts";
import { swapInstruction } from "./swap-instruction.ts";
import { type LookupTable, transactionAnswer } from "./transaction-answer.ts";

/** Anchor's discriminator of `route`, with which the routers' data begin here. */
const ROUTE = Buffer.from("e517cb977ae3ad2a", "hex");
/** Error codes of the router and the pool for exceeded slippage. */
const ROUTER_ERROR = 6001;
const POOL_ERROR = 30;

/** A transaction that swaps, as returned by `getBlock`. */
export function swapTransactionAnswer(transaction: WorldTransaction, blockhash: string): TransactionAnswer {
  const { draft, failed, signature, priorityLamports, swaps } = transaction;
  const { signer, owner = signer, offer, program, orders } = draft;
  const { main, inner } = mainInstruction(transaction);
  const tips = offer.tipLamports > 0 ? [tip(signer, offer.tipLamports)] : [];
  return transactionAnswer({
    signature,
    blockhash,
    signer,
    owner,
    top: [computeUnitLimit(offer.computeUnitLimit), computeUnitPrice(offer.computeUnitPrice), main, ...tips],
    inner,
    main: MAIN_INSTRUCTION,
    error: failed ? (program === undefined ? POOL_ERROR : ROUTER_ERROR) : undefined,
    moves: swaps,
    feeLamports: Number(BASE_FEE + priorityLamports),
    tipLamports: failed ? 0 : offer.tipLamports,
    computeUnits: Math.round(offer.computeUnitLimit * 0.71),
    // Routers and bots keep the pools' accounts in lookup tables; direct calls list them.
    table: program === undefined ? undefined : lookupTable(orders.map(({ pool }) => pool)),
  });
}

/** The swap instruction, or the router's instruction that leads to the swaps, and what it calls. */
function mainInstruction({ draft, swaps }: WorldTransaction): {
  main: PlainInstruction;
  inner: PlainInstruction[];
} {
  const { program, orders, signer, owner = signer } = draft;
  const height = program === undefined ? 1 : 2;
  const calls: PlainInstruction[] = [];
  for (const [number, order] of orders.entries()) {
    const swap = swaps[number];
    // A failed transaction failed in its first swap.
    if (swap === undefined && number > 0) break;
    calls.push(swapInstruction({ ...limits(order, swap, draft.minOut), owner, height }));
    if (swap !== undefined) calls.push(...swapTransfers(owner, swap, height + 1));
  }
  const [first, ...rest] = calls;
  if (first === undefined) throw new RangeError("the transaction has no order");
  if (program === undefined) return { main: first, inner: rest };
  const accounts = [signer, ...orders.map(({ pool }) => pool.address)];
  return { main: { program, accounts, data: ROUTE, height: 1 }, inner: calls };
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
