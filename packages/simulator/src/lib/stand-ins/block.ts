import { createHash } from "node:crypto";
import { minimumOut } from "../market/constant-product.ts";
import type { BlockAnswer, TransactionAnswer } from "../mev-world/blocks/answer.ts";
import { leaderReward } from "../mev-world/blocks/block.ts";
import type { PlainInstruction } from "../mev-world/blocks/instruction.ts";
import { swapTransfers } from "../mev-world/blocks/swap-calls.ts";
import { swapInstruction } from "../mev-world/blocks/swap-instruction.ts";
import { transactionAnswer } from "../mev-world/blocks/transaction-answer.ts";
import { voteAnswer } from "../mev-world/blocks/vote.ts";
import { encodeBase58 } from "../solana/base58.ts";
import { swapIndex } from "../solana/swap-transaction.ts";
import { poolOf } from "./block-pools.ts";
import { type Chain, HEIGHT_BELOW_SLOT, type Landed } from "./chain.ts";

const LEADERS = 40;
const LEADER_SLOTS = 4;
const ROUTE_CALLS = 2;

/** A slot's block: the desk's transactions that landed in it, between votes. */
export function blockOf(chain: Chain, slot: number, nowMs: number, slippageError: number): BlockAnswer {
  const previousBlockhash = chain.blockhash(slot - 1);
  const vote = (number: number): TransactionAnswer =>
    voteAnswer(name(`vote/${slot}/${number}`, 64), leaderOf(slot + number * LEADER_SLOTS), previousBlockhash);
  const landed = chain.inSlot(slot, nowMs).sort((a, b) => (a.signature < b.signature ? -1 : 1));
  const transactions = [
    vote(0),
    ...landed.flatMap((one, number) => [answer(one, slippageError), vote(number + 1)]),
  ];
  return {
    blockhash: chain.blockhash(slot),
    previousBlockhash,
    parentSlot: slot - 1,
    blockHeight: slot - HEIGHT_BELOW_SLOT,
    blockTime: Math.floor((Date.now() - nowMs + chain.timeOf(slot)) / 1000),
    rewards: [leaderReward(leaderOf(slot), transactions)],
    transactions,
  };
}

function leaderOf(slot: number): string {
  return name(`leader/${Math.floor(slot / LEADER_SLOTS) % LEADERS}`, 32);
}

function name(of: string, bytes: number): string {
  return encodeBase58(createHash("sha512").update(of).digest().subarray(0, bytes));
}

/** The transaction as it was signed, with what the router's instruction called. */
function answer(landed: Landed, slippageError: number): TransactionAnswer {
  const { message, swap, pair, side, out, before } = landed;
  const pool = poolOf(pair);
  const buy = side === "buy";
  const owner = swap.payer;
  const move = { pool, buy, amountIn: swap.amountIn, amountOut: out ?? 0n, before };
  const call = swapInstruction({
    pool,
    buy,
    owner,
    amount: swap.amountIn,
    exactOut: false,
    limit: minimumOut(swap.quotedOut, swap.toleranceBps),
    height: ROUTE_CALLS,
  });
  return transactionAnswer({
    signature: landed.signature,
    blockhash: message.recentBlockhash,
    signer: message.payer,
    owner,
    top: message.instructions.map((instruction): PlainInstruction => ({ ...instruction, height: 1 })),
    inner: out === undefined ? [call] : [call, ...swapTransfers(owner, move, ROUTE_CALLS + 1)],
    main: swapIndex(message),
    error: out === undefined ? slippageError : undefined,
    moves: out === undefined ? [] : [move],
    feeLamports: landed.feeLamports,
    tipLamports: out === undefined ? 0 : swap.tipLamports,
    computeUnits: Math.round(swap.computeUnitLimit * 0.83),
    table: undefined,
  });
}
