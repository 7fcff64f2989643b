import { decodeBase58, encodeBase58 } from "../base58.ts";
import { ByteReader, compact } from "./bytes.ts";

export interface MessageInstruction {
  /** Address of the program. */
  readonly program: string;
  readonly accounts: readonly string[];
  readonly data: Uint8Array;
}

/** A legacy message with one signer, the payer. */
export interface Message {
  readonly payer: string;
  readonly recentBlockhash: string;
  readonly instructions: readonly MessageInstruction[];
}

export interface Transaction {
  readonly signature: Uint8Array;
  readonly message: Message;
  /** The bytes that are signed. */
  readonly messageBytes: Uint8Array;
}

export const SIGNATURE_BYTES = 64;
const KEY_BYTES = 32;

/**
 * Encodes a message in Solana's wire format (legacy). The payer is the only writable account, because nothing
 * here executes it.
 */
export function encodeMessage(message: Message): Uint8Array {
  const keys = [
    ...new Set([
      message.payer,
      ...message.instructions.flatMap(({ accounts }) => accounts),
      ...message.instructions.map(({ program }) => program),
    ]),
  ];
  const parts: Uint8Array[] = [Buffer.from([1, 0, keys.length - 1]), compact(keys.length)];
  for (const key of keys) parts.push(toBytes(key));
  parts.push(toBytes(message.recentBlockhash), compact(message.instructions.length));
  for (const { program, accounts, data } of message.instructions) {
    const indexes = accounts.map((account) => keys.indexOf(account));
    parts.push(Buffer.from([keys.indexOf(program)]));
    parts.push(compact(indexes.length), Buffer.from(indexes), compact(data.length), data);
  }
  return Buffer.concat(parts);
}

/** The whole transaction; the `signature` is all zeros if it is not signed yet. */
export function encodeTransaction(
  messageBytes: Uint8Array,
  signature: Uint8Array = new Uint8Array(SIGNATURE_BYTES),
): Uint8Array {
  return Buffer.concat([compact(1), signature, messageBytes]);
}

/** Throws a RangeError that says what is wrong with the bytes. */
export function decodeTransaction(bytes: Uint8Array): Transaction {
  const reader = new ByteReader(bytes);
  if (reader.compact() !== 1) throw new RangeError("only transactions with one signature are supported");
  const signature = reader.take(SIGNATURE_BYTES);
  const messageBytes = bytes.subarray(reader.offset);
  if (reader.byte() & 0x80) throw new RangeError("versioned messages are not supported");
  reader.take(2);
  const keys = Array.from({ length: reader.compact() }, () => encodeBase58(reader.take(KEY_BYTES)));
  const key = (index: number): string => {
    const found = keys[index];
    if (found === undefined) throw new RangeError(`there is no account ${index}`);
    return found;
  };
  const recentBlockhash = encodeBase58(reader.take(KEY_BYTES));
  const instructions = Array.from({ length: reader.compact() }, () => ({
    program: key(reader.byte()),
    accounts: [...reader.take(reader.compact())].map(key),
    data: reader.take(reader.compact()),
  }));
  return { signature, messageBytes, message: { payer: key(0), recentBlockhash, instructions } };
}

function toBytes(address: string): Uint8Array {
  const bytes = decodeBase58(address, KEY_BYTES);
  if (bytes === undefined) throw new RangeError(`not a 32-byte key in base58: ${address}`);
  return bytes;
}
