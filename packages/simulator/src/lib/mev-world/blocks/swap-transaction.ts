import { MAIN_INSTRUCTION } from "../chain/swap-events.ts";
import { BASE_FEE, type ExecutedSwap, type SwapOrder, type WorldTransaction } from "../chain/transaction.ts";
import { tokenIn, tokenOut } from "../pools/pool.ts";
import type { TransactionAnswer } from "./answer.ts";
import { tokenBalances } from "./balances.ts";
import {
  computeUnitLimit,
  computeUnitPrice,
  JITO_TIP_ACCOUNT,
  type PlainInstruction,
  tip,
  transfer,
} from "./instruction.ts";
import { Keys } from "./keys.ts";
import { swapInstruction, vaults } from "./swap-instruction.ts";
import { tokenAccount } from "./token-account.ts";

/** Anchor's discriminator of `route`: what routers' data begin with here. */
const ROUTE = Buffer.from("e517cb977ae3ad2a", "hex");
const SLIPPAGE_EXCEEDED = { router: 6001, pool: 30 } as const;
const RENT = 2_039_280;
const WALLET = 5_000_000_000;

/** A transaction that swaps, as `getBlock` tells it. */
export function swapTransactionAnswer(transaction: WorldTransaction, blockhash: string): TransactionAnswer {
  const { draft, failed, signature, priorityLamports } = transaction;
  const { signer, offer } = draft;
  const { main, inner } = mainInstruction(transaction);
  const tips = offer.tipLamports > 0 ? [tip(signer, offer.tipLamports)] : [];
  const top = [
    computeUnitLimit(offer.computeUnitLimit),
    computeUnitPrice(offer.computeUnitPrice),
    main,
    ...tips,
  ];
  // Routers and bots keep pools' accounts in tables; direct calls name them.
  const version = draft.program === undefined ? "legacy" : 0;
  const tabled = version === 0 ? accountsInTables(transaction) : new Map<string, "writable" | "readonly">();
  const keys = new Keys(signer, [...top, ...inner], (account) => tabled.get(account));
  const fee = Number(BASE_FEE + priorityLamports);
  const code = draft.program === undefined ? SLIPPAGE_EXCEEDED.pool : SLIPPAGE_EXCEEDED.router;
  const err = failed ? ({ InstructionError: [MAIN_INSTRUCTION, { Custom: code }] } as const) : null;
  const units = Math.round(offer.computeUnitLimit * 0.71);
  return {
    version,
    transaction: {
      signatures: [signature],
      message: {
        header: { numRequiredSignatures: 1, numReadonlySignedAccounts: 0, numReadonlyUnsignedAccounts: 0 },
        accountKeys: keys.own,
        recentBlockhash: blockhash,
        instructions: top.map((instruction) => keys.instruction(instruction)),
        ...(version === 0 && { addressTableLookups: [keys.lookup(table(transaction))] }),
      },
    },
    meta: {
      err,
      status: failed ? { Err: err } : { Ok: null },
      fee,
      ...lamports(keys, fee, failed ? 0 : offer.tipLamports),
      innerInstructions:
        inner.length === 0
          ? []
          : [
              {
                index: MAIN_INSTRUCTION,
                instructions: inner.map((instruction) => keys.instruction(instruction)),
              },
            ],
      logMessages: logs(main.program, failed ? code : undefined, units),
      ...tokenBalances(transaction, keys),
      rewards: [],
      ...(version === 0 && { loadedAddresses: { writable: keys.writable, readonly: keys.readonly } }),
      computeUnitsConsumed: units,
    },
  };
}

/** The instruction that swaps, or the router's that leads to the swaps, and what it calls. */
function mainInstruction(transaction: WorldTransaction): {
  main: PlainInstruction;
  inner: PlainInstruction[];
} {
  const { draft, swaps } = transaction;
  const { program, orders, signer } = draft;
  const height = program === undefined ? 1 : 2;
  const calls: PlainInstruction[] = [];
  for (const [number, order] of orders.entries()) {
    const swap = swaps[number];
    // A transaction that failed did so in its first swap.
    if (swap === undefined && number > 0) break;
    calls.push(call(transaction, order, swap, height), ...transfers(transaction, swap, height + 1));
  }
  const [first, ...rest] = calls;
  if (first === undefined) throw new RangeError("a transaction without an order");
  if (program === undefined) return { main: first, inner: rest };
  const accounts = [signer, ...orders.map(({ pool }) => pool.address)];
  return { main: { program, accounts, data: ROUTE, height: 1 }, inner: calls };
}

function call(
  { draft }: WorldTransaction,
  order: SwapOrder,
  swap: ExecutedSwap | undefined,
  height: number,
): PlainInstruction {
  const { pool, buy, amount, exactOut = false } = order;
  const most = swap?.amountIn ?? 0n;
  return swapInstruction({
    pool,
    buy,
    owner: draft.owner ?? draft.signer,
    amount,
    exactOut,
    limit: exactOut ? most + most / 100n : (draft.minOut ?? 0n),
    height,
  });
}

function transfers(
  { draft }: WorldTransaction,
  swap: ExecutedSwap | undefined,
  height: number,
): PlainInstruction[] {
  if (swap === undefined) return [];
  const { pool, buy, amountIn, amountOut } = swap;
  const owner = draft.owner ?? draft.signer;
  const [vaultIn, vaultOut] = vaults(pool, buy);
  const [taken, given] = [tokenIn(pool, buy), tokenOut(pool, buy)];
  const checks = pool.protocol === "RaydiumCPMM";
  const paid = tokenAccount(owner, taken.mint);
  const got = tokenAccount(owner, given.mint);
  return [
    transfer({
      from: paid,
      to: vaultIn,
      authority: owner,
      amount: amountIn,
      height,
      checked: checks ? taken : undefined,
    }),
    transfer({
      from: vaultOut,
      to: got,
      authority: pool.authority,
      amount: amountOut,
      height,
      checked: checks ? given : undefined,
    }),
  ];
}

function accountsInTables({ draft }: WorldTransaction): Map<string, "writable" | "readonly"> {
  const tabled = new Map<string, "writable" | "readonly">();
  for (const { pool } of draft.orders) {
    for (const account of [pool.address, pool.vaults.base, pool.vaults.quote])
      tabled.set(account, "writable");
    for (const account of [pool.authority, ...pool.others]) tabled.set(account, "readonly");
  }
  return tabled;
}

/** The table of the first pool. */
function table({ draft }: WorldTransaction): string {
  return draft.orders[0].pool.others.at(-1) ?? "";
}

/** Lamports of the accounts: the first pays the fee and the tip, the rest hold their rent. */
function lamports(
  keys: Keys,
  fee: number,
  tipLamports: number,
): { preBalances: number[]; postBalances: number[] } {
  const preBalances: number[] = Array.from({ length: keys.count }, (_, index) =>
    index === 0 ? WALLET : RENT,
  );
  const postBalances = [...preBalances];
  postBalances[0] = WALLET - fee - tipLamports;
  if (tipLamports > 0) postBalances[keys.indexOf(JITO_TIP_ACCOUNT)] = RENT + tipLamports;
  return { preBalances, postBalances };
}

function logs(program: string, error: number | undefined, units: number): string[] {
  const end = error === undefined ? "success" : `failed: custom program error: 0x${error.toString(16)}`;
  return [
    `Program ${program} invoke [1]`,
    `Program ${program} consumed ${units} compute units`,
    `Program ${program} ${end}`,
  ];
}
