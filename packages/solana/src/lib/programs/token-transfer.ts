import type { Instruction } from "../block/model.ts";
import { brief, briefData } from "./data.ts";
import { isTokenProgram } from "./ids.ts";

/** Characters in base58 of the shortest transfer, 9 bytes of which the first is not 0. */
const shortest = 12;
const transferTag = 3;
const transferCheckedTag = 12;
const transferFeeExtensionTag = 26;
const transferCheckedWithFeeTag = 1;

/** A transfer of tokens between two token accounts. */
export interface TokenTransfer {
  readonly from: string;
  readonly to: string;
  /** Atoms that left `from`. */
  readonly amount: bigint;
  /**
   * Atoms that `to` receives: `amount` less the mint's transfer fee, if the instruction contains the fee. A
   * mint may also withhold a fee that the instruction does not contain.
   */
  readonly received: bigint;
}

/**
 * The transfer made by an instruction of a token program; undefined if it makes none.
 * Transfer: tag 3, accounts source, destination. TransferChecked: tag 12, accounts source, mint, destination.
 * Both: u64 amount, little-endian, after the tag (SPL Token, instruction.rs). TransferCheckedWithFee: tags
 * 26, 1, u64 amount, u8 decimals, u64 fee, accounts as in TransferChecked (SPL Token-2022,
 * extension/transfer_fee/instruction.rs).
 */
export function tokenTransfer(instruction: Instruction): TokenTransfer | undefined {
  if (!isTokenProgram(instruction.program) || instruction.data.length < shortest) return undefined;
  const length = briefData(instruction);
  if (length < 9) return undefined;
  const [from, second, third] = instruction.accounts;
  if (from === undefined || second === undefined) return undefined;
  const tag = brief.getUint8(0);
  if (tag === transferTag) return plain(from, second, brief.getBigUint64(1, true));
  if (third === undefined) return undefined;
  if (tag === transferCheckedTag) return plain(from, third, brief.getBigUint64(1, true));
  const withFee = tag === transferFeeExtensionTag && brief.getUint8(1) === transferCheckedWithFeeTag;
  if (!withFee || length < 19) return undefined;
  const amount = brief.getBigUint64(2, true);
  return { from, to: third, amount, received: amount - brief.getBigUint64(11, true) };
}

function plain(from: string, to: string, amount: bigint): TokenTransfer {
  return { from, to, amount, received: amount };
}
