import type { Instruction } from "../block/model.ts";
import { brief, briefData } from "./data.ts";
import { programId } from "./ids.ts";

const transferTag = 2;
const transferBytes = 12;
/** Characters in base58 of the 12 bytes of a transfer, of which the first is 2. */
export const systemTransferCharacters = 16;

export interface LamportTransfer {
  readonly from: string;
  readonly to: string;
  readonly lamports: bigint;
}

/**
 * A transfer by the System program; undefined if the instruction is not one. Layout: u32 tag 2, u64 lamports,
 * both little-endian; accounts from, to.
 */
export function systemTransfer(instruction: Instruction): LamportTransfer | undefined {
  const [from, to] = instruction.accounts;
  if (instruction.program !== programId.system || from === undefined || to === undefined) return undefined;
  if (instruction.data.length !== systemTransferCharacters) return undefined;
  if (briefData(instruction) !== transferBytes || brief.getUint32(0, true) !== transferTag) return undefined;
  return { from, to, lamports: brief.getBigUint64(4, true) };
}

/** Lamports of a transfer by the System program, from an instruction's bytes; undefined if they are not one's. */
export function lamportsTransferred(data: Uint8Array): bigint | undefined {
  if (data.length !== transferBytes) return undefined;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return view.getUint32(0, true) === transferTag ? view.getBigUint64(4, true) : undefined;
}
