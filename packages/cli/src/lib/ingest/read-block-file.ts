import { basename, extname } from "node:path";
import { hasCode, SlipstreamError } from "@slipstream/conventions";
import { type DecodedBlock, decodeBlock } from "@slipstream/mev";
import { parseBlockText } from "@slipstream/solana/block";
import { readText } from "../detect/read-text.ts";

/**
 * Decodes a recorded block's swaps.
 * @param slot The block's slot; if undefined, the number in the file's name.
 * @throws SlipstreamError: `usage` if the file cannot be read, `failed` if it holds no block.
 */
export async function readBlockFile(file: string, slot: number | undefined): Promise<DecodedBlock> {
  const text = await readText(file);
  try {
    return decodeBlock(parseBlockText(text), slot ?? slotInName(file));
  } catch (error) {
    if (hasCode(error, "bad_block")) throw new SlipstreamError("failed", `${file}: ${error.message}`);
    throw error;
  }
}

/** The longest number in the file's name: `slot_285000037.json`. null if it has none. */
export function slotInName(file: string): number | null {
  const numbers = basename(file, extname(file)).match(/\d+/g) ?? [];
  const longest = numbers.reduce((best, number) => (number.length > best.length ? number : best), "");
  const slot = Number(longest);
  return longest === "" || !Number.isSafeInteger(slot) ? null : slot;
}
