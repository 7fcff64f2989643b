import { encodeBase58 } from "../../base58.ts";
import { ByteReader } from "../bytes.ts";
import { keyText } from "./key-text.ts";
import type { WireInstruction, WireTransaction } from "./model.ts";
import { readV1Message } from "./v1.ts";

/** Most bytes of a transaction of version 1; the others have at most 1,232. Source: SIMD-0385. */
export const LONGEST_TRANSACTION = 4_096;
const LONGEST_OLD_TRANSACTION = 1_232;
const SIGNATURE_BYTES = 64;
const KEY_BYTES = 32;
const VERSION_BIT = 0x80;

/**
 * Reads a whole transaction as it is sent: legacy, version 0 or version 1, signed by all, by some or by nobody yet. Takes time that is
 * bounded by the length.
 * @returns undefined if the bytes are no transaction, or one that no node takes: too long, or with bytes after its end
 */
export function readWireTransaction(bytes: Uint8Array): WireTransaction | undefined {
  const isV1 = bytes[0] === (VERSION_BIT | 1);
  if (bytes.length > (isV1 ? LONGEST_TRANSACTION : LONGEST_OLD_TRANSACTION)) return undefined;
  try {
    return isV1 ? readV1(bytes) : readOld(bytes);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Legacy and version 0: signatures, then the message. */
function readOld(bytes: Uint8Array): WireTransaction {
  const reader = new ByteReader(bytes);
  const count = reader.compact();
  const signatures = reader.take(count * SIGNATURE_BYTES);
  const messageStart = reader.offset;
  let signers = reader.byte();
  const isVersioned = signers >= VERSION_BIT;
  if (isVersioned && signers !== VERSION_BIT) throw new RangeError("an unknown version");
  if (isVersioned) signers = reader.byte();
  if (signers !== count || signers === 0) throw new RangeError("the number of signatures is wrong");
  reader.take(2);
  const keys = reader.take(checkedKeys(reader.compact(), signers) * KEY_BYTES);
  const blockhash = reader.take(KEY_BYTES);
  const instructions: WireInstruction[] = [];
  // Each takes at least three bytes, so the reader ends before this takes long.
  for (let left = reader.compact(); left > 0; left--) {
    const program = programAt(keys, reader.byte());
    const accounts = reader.take(reader.compact());
    instructions.push({ program, accounts, data: reader.take(reader.compact()) });
  }
  if (isVersioned) skipLookups(reader);
  if (reader.offset !== bytes.length) throw new RangeError("bytes after the end");
  return {
    version: isVersioned ? 0 : "legacy",
    ...signed(signatures),
    ...common(keys, blockhash, instructions),
    message: bytes.subarray(messageStart),
    config: undefined,
  };
}

/** Version 1: the message, then the signatures. */
function readV1(bytes: Uint8Array): WireTransaction {
  const reader = new ByteReader(bytes);
  const { signers, keys, blockhash, config, instructions } = readV1Message(reader);
  const end = reader.offset;
  checkedKeys(keys.length / KEY_BYTES, signers);
  const signatures = reader.take(signers * SIGNATURE_BYTES);
  if (reader.offset !== bytes.length) throw new RangeError("bytes after the end");
  return {
    version: 1,
    ...signed(signatures),
    ...common(
      keys,
      blockhash,
      instructions.map(({ program, ...rest }) => ({ program: programAt(keys, program), ...rest })),
    ),
    message: bytes.subarray(0, end),
    config,
  };
}

function checkedKeys(keys: number, signers: number): number {
  if (signers === 0 || keys < signers) throw new RangeError("more signers than accounts");
  return keys;
}

function common(keys: Uint8Array, blockhash: Uint8Array, instructions: readonly WireInstruction[]) {
  return {
    payer: keyText(keys.subarray(0, KEY_BYTES)),
    blockhash: keyText(blockhash),
    instructions,
    account: (index: number): string | undefined => keyAt(keys, index),
  };
}

function keyAt(keys: Uint8Array, index: number): string | undefined {
  const start = index * KEY_BYTES;
  return start + KEY_BYTES > keys.length ? undefined : keyText(keys.subarray(start, start + KEY_BYTES));
}

function programAt(keys: Uint8Array, index: number): string {
  const program = keyAt(keys, index);
  if (program === undefined) throw new RangeError("a program that is not there");
  return program;
}

/** The first signature identifies the transaction. One of zeros is not there yet. */
function signed(signatures: Uint8Array): { signature: string | undefined; signers: number } {
  const first = signatures.subarray(0, SIGNATURE_BYTES);
  return {
    signature: first.some((byte) => byte !== 0) ? encodeBase58(first) : undefined,
    signers: signatures.length / SIGNATURE_BYTES,
  };
}

/** Tables of accounts of version 0: a key, and two lists of indexes. */
function skipLookups(reader: ByteReader): void {
  for (let left = reader.compact(); left > 0; left--) {
    reader.take(KEY_BYTES);
    reader.take(reader.compact());
    reader.take(reader.compact());
  }
}
