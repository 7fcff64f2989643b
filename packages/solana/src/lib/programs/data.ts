import { base58 } from "@scure/base";
import { BlockError } from "../block/block-error.ts";
import type { Instruction } from "../block/model.ts";

/** 140 bytes take at most 192 characters in base58. No instruction read here is longer. */
const longestRead = 192;

/** Limit for events that a program emits by calling itself: 1,000 bytes. */
export const longestEvent = 1366;

/**
 * The bytes of an instruction, or undefined if it is longer than any instruction read here. Decoding base58
 * takes time quadratic in the length, and the data come from outside.
 * @param longest Maximum number of characters read.
 * @throws BlockError if the data are not base58.
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
