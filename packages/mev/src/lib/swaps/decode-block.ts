import type { Block } from "@slipstream/solana";
import { swapDecoders } from "../programs/decoders.ts";
import { BlockSwaps } from "./block-swaps.ts";
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
  const { protocols } = options;
  const chosen = swapDecoders.filter(({ protocol }) => protocols?.includes(protocol) ?? true);
  const decoders = new Map(chosen.map((decoder) => [decoder.program, decoder]));
  const found = new BlockSwaps({ slot, blockTime: block.blockTime }, decoders);
  for (const [txIndex, transaction] of block.transactions.entries()) found.add(transaction, txIndex);
  const { swaps, undecoded, unread, attempted, transfers, programs } = found;
  return {
    slot,
    blockTime: block.blockTime,
    parentSlot: block.parentSlot,
    leader: block.leader,
    transactions: block.transactions.length,
    failedTransactions: block.transactions.filter(({ failed }) => failed).length,
    swaps,
    undecoded,
    unread,
    attempted,
    transfers,
    decodedPrograms: programs.decoded(found),
    unknownPrograms: programs.unknown(unread),
  };
}
