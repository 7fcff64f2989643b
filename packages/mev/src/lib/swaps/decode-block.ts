import type { Block, BlockTransaction } from "../block/model.ts";
import { swapDecoders } from "../programs/decoders.ts";
import { jitoTip } from "../programs/jito-tips.ts";
import { infrastructure, programNames } from "../programs/known.ts";
import type { SwapDecoder, SwapInstruction } from "../programs/swap-decoder.ts";
import { transactionFee } from "./fee.ts";
import type { AttemptedSwap, Swap, SwapPlace, UndecodedSwap } from "./swap.ts";
import { swapAmounts } from "./swap-amounts.ts";
import { TransactionTransfers } from "./transaction-transfers.ts";

export interface DecodedBlock {
  readonly slot: number | null;
  /** Unix seconds. */
  readonly blockTime: number | null;
  readonly transactions: number;
  readonly failedTransactions: number;
  /** In the order they ran. */
  readonly swaps: readonly Swap[];
  /** Swaps that are known to have happened but cannot be read. */
  readonly undecoded: readonly UndecodedSwap[];
  /** Swaps of transactions that failed. */
  readonly attempted: readonly AttemptedSwap[];
  /** Programs that no decoder knows, most used first. Some of them may swap: what they did is not among `swaps`. */
  readonly unknownPrograms: readonly UndecodedProgram[];
}

export interface UndecodedProgram {
  readonly program: string;
  /** A name people know it by, where there is one. */
  readonly name: string | undefined;
  readonly instructions: number;
}

/**
 * The swaps of a block.
 * @param slot The block's slot, null where it is not known.
 * @throws BlockError where an instruction's data are no base58.
 */
export function decodeBlock(block: Block, slot: number | null): DecodedBlock {
  const swaps: Swap[] = [];
  const undecoded: UndecodedSwap[] = [];
  const attempted: AttemptedSwap[] = [];
  const unknown = new Map<string, number>();
  for (const [txIndex, transaction] of block.transactions.entries()) {
    countUnknown(transaction, unknown);
    const found = findSwaps(transaction);
    if (found.length === 0) continue;
    const place = placer(block, slot, transaction, txIndex);
    const transfers = new TransactionTransfers(transaction);
    for (const { decoder, position, swap, pool, reason } of found) {
      const at = place(decoder, position);
      if (transaction.failed) attempted.push({ ...at, pool });
      else if (swap === undefined) undecoded.push({ ...at, pool, reason });
      else {
        const alone = found.filter((other) => other.pool === pool).length === 1;
        const amounts = swapAmounts(swap, position, transaction, transfers, alone);
        if (typeof amounts === "string") undecoded.push({ ...at, pool, reason: amounts });
        else swaps.push({ ...at, pool: swap.pool, ...amounts });
      }
    }
  }
  return {
    slot,
    blockTime: block.blockTime,
    transactions: block.transactions.length,
    failedTransactions: block.transactions.filter(({ failed }) => failed).length,
    swaps,
    undecoded,
    attempted,
    unknownPrograms: [...unknown]
      .map(([program, instructions]) => ({ program, name: programNames.get(program), instructions }))
      .sort((a, b) => b.instructions - a.instructions || (a.program < b.program ? -1 : 1)),
  };
}

interface FoundSwap {
  readonly decoder: SwapDecoder;
  readonly position: number;
  readonly swap: SwapInstruction | undefined;
  readonly pool: string | null;
  readonly reason: string;
}

function findSwaps(transaction: BlockTransaction): FoundSwap[] {
  return transaction.instructions.flatMap((instruction, position): FoundSwap[] => {
    const decoder = swapDecoders.get(instruction.program);
    const recognised = decoder?.recognise(instruction);
    if (decoder === undefined || recognised === undefined) return [];
    return "reason" in recognised
      ? [{ decoder, position, swap: undefined, pool: recognised.pool, reason: recognised.reason }]
      : [{ decoder, position, swap: recognised, pool: recognised.pool, reason: "" }];
  });
}

function placer(
  block: Block,
  slot: number | null,
  transaction: BlockTransaction,
  txIndex: number,
): (decoder: SwapDecoder, position: number) => SwapPlace {
  const fee = transactionFee(transaction.feeLamports, transaction.signatures);
  const tipLamports = jitoTip(transaction);
  return (decoder, position) => {
    const instruction = transaction.instructions[position];
    return {
      id: `${transaction.signature}:${instruction?.label}`,
      slot,
      blockTime: block.blockTime,
      txIndex,
      eventIndex: position,
      signature: transaction.signature,
      signer: transaction.signer,
      program: instruction?.topProgram ?? decoder.program,
      protocol: decoder.protocol,
      fee,
      tipLamports,
    };
  };
}

function countUnknown(transaction: BlockTransaction, counts: Map<string, number>): void {
  for (const { program } of transaction.instructions) {
    if (swapDecoders.has(program) || infrastructure.has(program)) continue;
    counts.set(program, (counts.get(program) ?? 0) + 1);
  }
}
