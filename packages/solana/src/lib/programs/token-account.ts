import { encodeBase58 } from "../base58.ts";
import type { Instruction } from "../block/model.ts";
import { type InstructionData, instructionData } from "./data.ts";
import { isTokenProgram } from "./ids.ts";

const initialize = { account: 1, account2: 16, account3: 18 } as const;
const setAuthorityTag = 6;
const accountOwner = 2;
const closeAccountTag = 9;
const keyBytes = 32;

/** Characters in base58 of an instruction's data: the tag alone, the tag and a key, and SetAuthority with a key. */
const characters = { tag: 2, opened: { least: 44, most: 46 }, given: { least: 47, most: 49 } } as const;

/** What an instruction of a token program does to a token account's owner. */
export type TokenAccountChange =
  /** The account begins to exist, with nothing in it. */
  | { readonly kind: "opened"; readonly account: string; readonly mint: string; readonly owner: string }
  /** Everything in the account now belongs to somebody else. */
  | { readonly kind: "given"; readonly account: string; readonly owner: string }
  /** The account ends. Its lamports, for wrapped SOL also those that it holds as tokens, go to `to`. */
  | { readonly kind: "closed"; readonly account: string; readonly to: string };

/**
 * Reads InitializeAccount (tag 1; accounts account, mint, owner), InitializeAccount2 and 3 (tags 16 and 18; accounts
 * account, mint; data: owner), SetAuthority of the owner (tag 6; data: type 2, option, new owner) and CloseAccount (tag 9;
 * accounts account, destination). Source: SPL Token, instruction.rs; Token-2022 has the same.
 * @returns undefined if the instruction is none of these.
 */
export function tokenAccountChange(instruction: Instruction): TokenAccountChange | undefined {
  const { program, accounts } = instruction;
  if (!isTokenProgram(program)) return undefined;
  const [account, second, third] = accounts;
  if (!mayChange(instruction)) return undefined;
  const data = instructionData(instruction);
  if (account === undefined || second === undefined || data === undefined || data.byteLength === 0)
    return undefined;
  const tag = data.getUint8(0);
  if (tag === initialize.account && third !== undefined)
    return { kind: "opened", account, mint: second, owner: third };
  if (tag === initialize.account2 || tag === initialize.account3) {
    const owner = keyAt(data, 1);
    return owner === undefined ? undefined : { kind: "opened", account, mint: second, owner };
  }
  if (tag === setAuthorityTag && data.byteLength > 2 && data.getUint8(1) === accountOwner) {
    const owner = data.getUint8(2) === 1 ? keyAt(data, 3) : undefined;
    return owner === undefined ? undefined : { kind: "given", account, owner };
  }
  return tag === closeAccountTag ? { kind: "closed", account, to: second } : undefined;
}

/** Whether an instruction of a token program may open an account, by the length of its data in base58: decoding takes time. */
export function mayOpenAccount({ length }: string): boolean {
  const { least, most } = characters.opened;
  return length <= characters.tag || (length >= least && length <= most);
}

function mayChange(instruction: Instruction): boolean {
  const { least, most } = characters.given;
  const { length } = instruction.data;
  return mayOpenAccount(instruction.data) || (length >= least && length <= most);
}

function keyAt(data: InstructionData, offset: number): string | undefined {
  if (data.byteLength < offset + keyBytes) return undefined;
  return encodeBase58(data.bytes.subarray(offset, offset + keyBytes));
}
