import { createHash } from "node:crypto";
import { encodeBase58 } from "@slipstream/solana";
import type { Schedule } from "../chain/slots.ts";
import type { WorldTransaction } from "../chain/transaction.ts";
import { mix, type Names } from "../names.ts";
import type { BlockAnswer, RewardAnswer, TransactionAnswer } from "./answer.ts";
import { swapTransactionAnswer } from "./swap-transaction.ts";
import { voteAnswer } from "./vote.ts";

/** The block height is below the slot, because some slots have no block. */
export const HEIGHT_BELOW_SLOT = 21_700_000;
const LEADERS_LAMPORTS = 1_000_000_000;

/**
 * A slot's block as an RPC node returns it from `getBlock`; null if the slot was skipped.
 * @param transactions The transactions that swap, in order. Votes fill the positions in between.
 * @param encode Encodes a transaction that swaps, given the hash of the previous block.
 */
export function blockAnswer(
  slot: number,
  transactions: readonly WorldTransaction[],
  schedule: Schedule,
  names: Names,
  encode: typeof swapTransactionAnswer = swapTransactionAnswer,
): BlockAnswer | null {
  if (schedule.isSkipped(slot)) return null;
  let parentSlot = slot - 1;
  while (schedule.isSkipped(parentSlot)) parentSlot--;
  const previousBlockhash = blockhashOf(parentSlot);
  const { leaders } = schedule;
  const vote = (txIndex: number): TransactionAnswer => {
    const validator = leaders[mix(slot * 64 + txIndex) % leaders.length] ?? leaders[0];
    return voteAnswer(names.fillerSignature(slot, txIndex), validator.identity, previousBlockhash);
  };
  const answers: TransactionAnswer[] = [];
  for (const transaction of transactions) {
    while (answers.length < transaction.txIndex) answers.push(vote(answers.length));
    answers.push(encode(transaction, previousBlockhash));
  }
  for (let more = 1 + (slot % 3); more > 0; more--) answers.push(vote(answers.length));
  return {
    blockhash: blockhashOf(slot),
    previousBlockhash,
    parentSlot,
    blockHeight: slot - HEIGHT_BELOW_SLOT,
    blockTime: Math.floor(schedule.timeMs(slot) / 1000),
    rewards: [leaderReward(schedule.leaderOf(slot).identity, answers)],
    transactions: answers,
  };
}

/** The leader receives half of the base fees and all priority fees (SIMD-0096). */
function leaderReward(leader: string, transactions: readonly TransactionAnswer[]): RewardAnswer {
  const base = transactions.reduce((sum, { transaction }) => sum + 5000 * transaction.signatures.length, 0);
  const fees = transactions.reduce((sum, { meta }) => sum + meta.fee, 0);
  const lamports = fees - base / 2;
  return {
    pubkey: leader,
    lamports,
    postBalance: LEADERS_LAMPORTS + lamports,
    rewardType: "Fee",
    commission: null,
  };
}

export function blockhashOf(slot: number): string {
  return encodeBase58(createHash("sha256").update(`mev-world/${slot}`).digest());
}
