import { readBase58, readBase58Into } from "../base58.ts";
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
  throw notBase58(instruction);
}

const briefBytes: Uint8Array = new Uint8Array(longestRead);
/** What `briefData` read last. */
export const brief: DataView = new DataView(briefBytes.buffer);

/**
 * Reads the bytes of an instruction into `brief`. Most instructions are short and read once, so making an array of each takes longer than
 * reading it.
 * @returns how many there are; -1 if it is longer than any instruction read here
 * @throws BlockError if the data are not base58.
 */
export function briefData(instruction: Instruction): number {
  if (instruction.data.length > longestRead) return -1;
  const length = readBase58Into(instruction.data, briefBytes);
  if (length < 0) throw notBase58(instruction);
  return length;
}

function notBase58({ place, data }: Instruction): BlockError {
  return new BlockError(`${place}.data`, `expected base58, received "${data}"`);
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
