import { base58 } from "@scure/base";
import { BlockError } from "../block/block-error.ts";
import type { Instruction } from "../block/model.ts";

/** Base58 of 140 bytes takes at most 192 characters; no instruction that is read here is longer. */
const longestRead = 192;

/** Of an event that a program tells by calling itself: 1,000 bytes. */
export const longestEvent = 1366;

/**
 * The bytes of an instruction, undefined where they are more than any instruction that is read has: decoding base58
 * takes time quadratic in the length, and the data come from outside.
 * @param longest Most characters that are read.
 * @throws BlockError where the data are not base58.
 */
export function instructionData(
  instruction: Instruction,
  longest: number = longestRead,
): DataView | undefined {
  if (instruction.data.length > longest) return undefined;
  try {
    const bytes = base58.decode(instruction.data);
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch {
    throw new BlockError(`${instruction.place}.data`, `expected base58, received "${instruction.data}"`);
  }
}
