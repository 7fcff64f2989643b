import type { BlockAnswer, TransactionAnswer } from "../mev-world/blocks/answer.ts";
import { blockAnswer } from "../mev-world/blocks/block.ts";
import type { PlainInstruction } from "../mev-world/blocks/instruction.ts";
import { swapTransfers } from "../mev-world/blocks/swap-calls.ts";
import { swapInstruction } from "../mev-world/blocks/swap-instruction.ts";
import { swapTransactionAnswer } from "../mev-world/blocks/swap-transaction.ts";
import { transactionAnswer } from "../mev-world/blocks/transaction-answer.ts";
import type { WorldTransaction } from "../mev-world/chain/transaction.ts";
import { swapIndex } from "../solana/swap-transaction.ts";
import type { Chain, Landed } from "./chain.ts";

const ROUTE_CALLS = 2;

/** A slot's block; null if it was skipped. It contains the desk's transactions as they were signed. */
export function blockOf(
  chain: Chain,
  slot: number,
  nowMs: number,
  slippageError: number,
): BlockAnswer | null {
  const encode = (transaction: WorldTransaction, blockhash: string): TransactionAnswer => {
    const own = chain.find(transaction.signature, nowMs)?.landed;
    return own === undefined
      ? swapTransactionAnswer(transaction, blockhash)
      : ownAnswer(own, transaction, slippageError);
  };
  const { schedule, names } = chain.world;
  const answer = blockAnswer(slot, chain.inSlot(slot, nowMs), schedule, names, encode);
  if (answer === null) return null;
  // The machine may have been asleep since the first slot.
  return { ...answer, blockTime: Math.floor((Date.now() - nowMs + chain.timeOf(slot)) / 1000) };
}

/** The transaction as it was signed, with what the router's instruction called. */
function ownAnswer(
  { message, swap, signature, feeLamports }: Landed,
  { draft, swaps, failed }: WorldTransaction,
  slippageError: number,
): TransactionAnswer {
  const [order] = draft.orders;
  if (order === undefined) throw new RangeError("the transaction has no order");
  const { pool, buy, amount } = order;
  const owner = swap.payer;
  const limit = draft.minOut ?? 0n;
  const call = swapInstruction({ pool, buy, owner, amount, exactOut: false, limit, height: ROUTE_CALLS });
  const transfers = swaps.flatMap((done) => swapTransfers(owner, done, ROUTE_CALLS + 1));
  return transactionAnswer({
    signature,
    blockhash: message.recentBlockhash,
    signer: message.payer,
    owner,
    top: message.instructions.map((instruction): PlainInstruction => ({ ...instruction, height: 1 })),
    inner: [call, ...transfers],
    main: swapIndex(message),
    error: failed ? slippageError : undefined,
    moves: swaps,
    feeLamports,
    tipLamports: failed ? 0 : swap.tipLamports,
    computeUnits: Math.round(swap.computeUnitLimit * 0.83),
    table: undefined,
  });
}
