import type { AttemptedSwap, OwnerTransfer, Swap } from "@slipstream/mev";
import { tokenIn, tokenOut } from "../pools/pool.ts";
import type { Schedule } from "./slots.ts";
import { BASE_FEE, type WorldTransaction } from "./transaction.ts";

/**
 * Index of the instruction that leads to the swaps. It follows the compute unit limit and price, which a transaction of version 1
 * has in its configuration.
 */
export function mainInstruction({ form }: Pick<WorldTransaction, "form">): number {
  return form.isV1 ? 0 : 2;
}

/** A swap called by a router, and the two transfers that it calls. */
export const INSTRUCTIONS_PER_SWAP = 3;

type Place = Omit<AttemptedSwap, "pool">;

/** Whether a reader of the block can read the transaction's swaps. */
export function isReadable({ form, failed }: Pick<WorldTransaction, "form" | "failed">): boolean {
  return failed || form.unread === undefined || form.unread === "hop";
}

/** What the transaction passes on, as seen by a reader of the block; undefined if nothing. */
export function passedOn(transaction: WorldTransaction): OwnerTransfer | undefined {
  const { slot, txIndex, signature, draft, failed } = transaction;
  if (draft.pass === undefined || failed) return undefined;
  const { token, from, to, amount } = draft.pass;
  const eventIndex = mainInstruction(transaction);
  return { slot, txIndex, eventIndex, signature, token: token.mint, from, to, amount, received: amount };
}

/** The swaps of a transaction as seen by a reader of the block. `reserves` are the vault balances. */
export function swapEvents(transaction: WorldTransaction, schedule: Schedule): Swap[] {
  const { draft, swaps } = transaction;
  const owner = draft.owner ?? draft.signer;
  return swaps.map((swap, number) => {
    const { pool, buy, amountIn, amountOut, before } = swap;
    return {
      ...placeOf(transaction, schedule, number, pool.protocol, pool.program),
      pool: pool.address,
      payer: owner,
      recipient: owner,
      tokenIn: tokenIn(pool, buy).mint,
      tokenOut: tokenOut(pool, buy).mint,
      amountIn,
      amountOut,
      reserves: buy ? { in: before.quote, out: before.base } : { in: before.base, out: before.quote },
    };
  });
}

/** The swap in which a transaction failed; undefined if it did not fail. */
export function attemptedSwap(transaction: WorldTransaction, schedule: Schedule): AttemptedSwap | undefined {
  if (!transaction.failed) return undefined;
  const [order] = transaction.draft.orders;
  if (order === undefined) return undefined;
  const { pool } = order;
  return { ...placeOf(transaction, schedule, 0, pool.protocol, pool.program), pool: pool.address };
}

function placeOf(
  transaction: WorldTransaction,
  schedule: Schedule,
  number: number,
  protocol: string,
  program: string,
): Place {
  const { slot, txIndex, signature, draft, failed, priorityLamports } = transaction;
  const main = mainInstruction(transaction);
  const called = draft.program !== undefined;
  const inner = number * INSTRUCTIONS_PER_SWAP;
  const bundle = draft.bundleId === undefined ? {} : { bundleId: draft.bundleId };
  return {
    id: `${signature}:${called ? `${main}.${inner}` : main}`,
    slot,
    blockTime: Math.floor(schedule.timeMs(slot) / 1000),
    txIndex,
    eventIndex: called ? main + 1 + inner : main,
    signature,
    signer: draft.signer,
    program: draft.program ?? program,
    protocol,
    fee: { total: BASE_FEE + priorityLamports, base: BASE_FEE, priority: priorityLamports },
    // A failed transaction moved nothing, not even its tip.
    tipLamports: failed ? 0n : BigInt(draft.offer.tipLamports),
    ...bundle,
  };
}
