import { encodeBase58, readBase58 } from "../base58.ts";
import { isTokenProgram } from "../programs/ids.ts";
import type { Instruction } from "./model.ts";

const batchTag = 255;
/** Number of accounts and number of bytes of data, one byte each. */
const headerBytes = 2;
/**
 * Characters in base58 of the token programs' most frequent instructions, which are no batches: a tag alone, Transfer,
 * TransferChecked, InitializeAccount3. Decoding the data of all of them would take too long.
 */
const frequent: ReadonlySet<number> = new Set([0, 1, 2, 12, 13, 45]);
/** An instruction's data are at most 10 KiB, but a batch that fits into a transaction is far shorter. */
const longestRead = 2048;

/**
 * The instructions that a token program's Batch consists of; undefined if it is none. Programs call it since May 2026 to move several
 * tokens at once. Tag 255, then for each instruction: number of accounts (u8), bytes of data (u8), data. The accounts follow each
 * other in the same order. Batches do not nest.
 * Source: SIMD-0266; solana-program/token, pinocchio/program/src/processor/batch.rs.
 */
export function batchedInstructions(instruction: Instruction): Instruction[] | undefined {
  const { program, data, accounts } = instruction;
  if (!isTokenProgram(program)) return undefined;
  if (frequent.has(data.length) || data.length > longestRead) return undefined;
  const bytes = readBase58(data);
  if (bytes?.[0] !== batchTag) return undefined;
  const { place, label, topProgram, depth, isInner } = instruction;
  const parts: Instruction[] = [];
  let [at, account] = [1, 0];
  while (at < bytes.length) {
    const [count, length] = [bytes[at], bytes[at + 1]];
    const start = at + headerBytes;
    if (count === undefined || length === undefined) return undefined;
    if (start + length > bytes.length || account + count > accounts.length) return undefined;
    parts.push({
      ...{ place, label, program, topProgram, depth, isInner },
      accounts: accounts.slice(account, account + count),
      data: encodeBase58(bytes.subarray(start, start + length)),
    });
    at = start + length;
    account += count;
  }
  return parts;
}
