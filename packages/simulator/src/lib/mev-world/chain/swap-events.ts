import type { AttemptedSwap, Swap } from "@slipstream/mev";
import { tokenIn, tokenOut } from "../pools/pool.ts";
import type { Schedule } from "./slots.ts";
import { BASE_FEE, type WorldTransaction } from "./transaction.ts";

/** Index of the instruction that leads to the swaps. It follows the compute unit limit and price. */
export const MAIN_INSTRUCTION = 2;
/** A swap called by a router, and the two transfers that it calls. */
export const INSTRUCTIONS_PER_SWAP = 3;

type Place = Omit<AttemptedSwap, "pool">;

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
  const [{ pool }] = transaction.draft.orders;
  return { ...placeOf(transaction, schedule, 0, pool.protocol, pool.program), pool: pool.address };
}

function placeOf(
  { slot, txIndex, signature, draft, failed, priorityLamports }: WorldTransaction,
  schedule: Schedule,
  number: number,
  protocol: string,
  program: string,
): Place {
  const called = draft.program !== undefined;
  const inner = number * INSTRUCTIONS_PER_SWAP;
  const bundle = draft.bundleId === undefined ? {} : { bundleId: draft.bundleId };
  return {
    id: `${signature}:${called ? `${MAIN_INSTRUCTION}.${inner}` : MAIN_INSTRUCTION}`,
    slot,
    blockTime: Math.floor(schedule.timeMs(slot) / 1000),
    txIndex,
    eventIndex: called ? MAIN_INSTRUCTION + 1 + inner : MAIN_INSTRUCTION,
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
