import type { Instruction } from "../block/model.ts";
import { brief, briefData } from "./data.ts";
import { programId } from "./ids.ts";

const transferTag = 2;
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
  if (briefData(instruction) !== 12 || brief.getUint32(0, true) !== transferTag) return undefined;
  return { from, to, lamports: brief.getBigUint64(4, true) };
}
