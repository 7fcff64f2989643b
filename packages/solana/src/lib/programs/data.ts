import { readBase58 } from "../base58.ts";
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
): InstructionData | undefined {
  if (instruction.data.length > longest) return undefined;
  const bytes = readBase58(instruction.data);
  if (bytes !== undefined) return new InstructionData(bytes);
  throw new BlockError(`${instruction.place}.data`, `expected base58, received "${instruction.data}"`);
}

const wordBytes: Uint8Array = new Uint8Array(8);
const word: DataView = new DataView(wordBytes.buffer);

/**
 * Reads numbers as a `DataView` does, big-endian unless told otherwise. A view of so few bytes takes longer to make than to
 * decode them.
 */
export class InstructionData {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get byteLength(): number {
    return this.bytes.length;
  }

  /** @throws RangeError if it is past the end. */
  getUint8(at: number): number {
    const byte = this.bytes[at];
    if (byte === undefined) throw new RangeError(`the instruction has no byte ${at}`);
    return byte;
  }

  getUint32(at: number, littleEndian = false): number {
    return this.#word(at, 4).getUint32(0, littleEndian);
  }

  getBigUint64(at: number, littleEndian = false): bigint {
    return this.#word(at, 8).getBigUint64(0, littleEndian);
  }

  #word(at: number, count: number): DataView {
    const { bytes } = this;
    if (at + count > bytes.length) throw new RangeError(`the instruction has no byte ${at + count - 1}`);
    for (let index = 0; index < count; index++) wordBytes[index] = bytes[at + index] ?? 0;
    return word;
  }
}
