import type { Instruction } from "../block/model.ts";
import { instructionData } from "./data.ts";

const tokenPrograms: ReadonlySet<string> = new Set([
  "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA",
  "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb",
]);

const transferTag = 3;
const transferCheckedTag = 12;

/** Tokens that went from one token account to another. */
export interface TokenTransfer {
  readonly from: string;
  readonly to: string;
  /** Atoms. */
  readonly amount: bigint;
}

/**
 * The transfer that an instruction of a token program makes, undefined where it makes none.
 * Transfer: tag 3, accounts source, destination. TransferChecked: tag 12, accounts source, mint, destination. Both:
 * u64 amount, little-endian, after the tag (SPL Token, instruction.rs).
 */
export function tokenTransfer(instruction: Instruction): TokenTransfer | undefined {
  if (!tokenPrograms.has(instruction.program)) return undefined;
  const data = instructionData(instruction);
  if (data === undefined || data.byteLength < 9) return undefined;
  const tag = data.getUint8(0);
  if (tag !== transferTag && tag !== transferCheckedTag) return undefined;
  const [from, second, third] = instruction.accounts;
  const to = tag === transferTag ? second : third;
  if (from === undefined || to === undefined) return undefined;
  return { from, to, amount: data.getBigUint64(1, true) };
}
