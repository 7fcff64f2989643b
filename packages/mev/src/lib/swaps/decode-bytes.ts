import type { BlockTransaction } from "@slipstream/solana";
import { parseBlockText, readBlockBytes } from "@slipstream/solana/block";
import { BlockSwaps } from "./block-swaps.ts";
import { type DecodedBlock, type DecodeOptions, decodeBlock, decodedIn, decodersOf } from "./decode-block.ts";

/**
 * Decodes the swaps of a block while its text is read: no transaction is kept longer than it takes to look at it. Gives the same as
 * `decodeBlock` of the parsed text.
 * @param bytes of a `getBlock` answer
 * @param slot The block's slot; null if unknown.
 * @throws BlockError if it is none, or if an instruction's data are not base58.
 */
export function decodeBlockBytes(
  bytes: Uint8Array,
  slot: number | null,
  options: DecodeOptions = {},
): DecodedBlock {
  const found = new BlockSwaps(slot, decodersOf(options));
  const head = readBlockBytes(bytes, (transaction: BlockTransaction, index) => found.add(transaction, index));
  if (head !== undefined) return decodedIn(found, head);
  return decodeBlock(parseBlockText(new TextDecoder().decode(bytes)), slot, options);
}
