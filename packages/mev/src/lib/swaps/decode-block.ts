import type { Block, BlockHead } from "@slipstream/solana";
import { swapDecoders } from "../programs/decoders.ts";
import type { SwapDecoder } from "../programs/swap-decoder.ts";
import { BlockSwaps, type SentTransaction } from "./block-swaps.ts";
import type { OwnerTransfer } from "./owner-transfers.ts";
import type { DecodedProgram, UndecodedProgram } from "./program-counts.ts";
import type { AttemptedSwap, Swap, UndecodedSwap } from "./swap.ts";
import type { UnreadSwap } from "./unread-swaps.ts";

export interface DecodedBlock {
  readonly slot: number | null;
  /** Unix seconds. */
  readonly blockTime: number | null;
  /** Slot of the previous block; the slots between were skipped. */
  readonly parentSlot: number | null;
  readonly leader: string | null;
  readonly transactions: number;
  readonly failedTransactions: number;
  /** What is kept of each transaction, in order. */
  readonly sent: readonly SentTransaction[];
  /** In execution order. */
  readonly swaps: readonly Swap[];
  /** Swaps that happened but cannot be read. */
  readonly undecoded: readonly UndecodedSwap[];
  /** Swaps of any program that show only in token transfers, or that an incomplete record may hide. */
  readonly unread: readonly UnreadSwap[];
  /** Swaps of failed transactions. */
  readonly attempted: readonly AttemptedSwap[];
  /** What owners passed on to others, without the transfers of pools. */
  readonly transfers: readonly OwnerTransfer[];
  /** What was decoded, by program, most swaps first. Programs that the block does not use are left out. */
  readonly decodedPrograms: readonly DecodedProgram[];
  /** Programs without a decoder, those that swapped first. Their swaps are not in `swaps`. */
  readonly unknownPrograms: readonly UndecodedProgram[];
}

export interface DecodeOptions {
  /** The protocols to decode; all if undefined. The programs of the others count as unknown. */
  readonly protocols?: readonly string[];
}

/**
 * Decodes the swaps of a block.
 * @param slot The block's slot; null if unknown.
 * @throws BlockError if an instruction's data are not base58.
 */
export function decodeBlock(block: Block, slot: number | null, options: DecodeOptions = {}): DecodedBlock {
  const found = new BlockSwaps(slot, decodersOf(options));
  for (const [txIndex, transaction] of block.transactions.entries()) found.add(transaction, txIndex);
  return decodedIn(found, block);
}

/** A block of which the swaps were found. */
export function decodedIn(found: BlockSwaps, { blockTime, parentSlot, leader }: BlockHead): DecodedBlock {
  found.setTime(blockTime);
  const { slot, swaps, undecoded, unread, attempted, transfers, programs, sent } = found;
  return {
    slot,
    blockTime,
    parentSlot,
    leader,
    transactions: sent.length,
    failedTransactions: sent.reduce((count, { failed }) => count + (failed ? 1 : 0), 0),
    sent,
    swaps,
    undecoded,
    unread,
    attempted,
    transfers,
    decodedPrograms: programs.decoded(found),
    unknownPrograms: programs.unknown(unread),
  };
}

/** By program. */
export function decodersOf({ protocols }: DecodeOptions): ReadonlyMap<string, SwapDecoder> {
  const chosen = swapDecoders.filter(({ protocol }) => protocols?.includes(protocol) ?? true);
  return new Map(chosen.map((decoder) => [decoder.program, decoder]));
}
