import type { ByteReader } from "../bytes.ts";
import type { WireConfig } from "./model.ts";

const KEY_BYTES = 32;
const MOST_KEYS = 64;
const MOST_INSTRUCTIONS = 64;
const MOST_SIGNATURES = 12;

/** Bits of the mask: each stands for four bytes among the values, in this order. The fee has two of them, both or none. */
const FEE_BITS = 0b11;
const LIMIT_BIT = 0b100;
const VALUE_BITS = 32;

export interface V1Message {
  readonly signers: number;
  /** 32 bytes each. */
  readonly keys: Uint8Array;
  readonly blockhash: Uint8Array;
  readonly config: WireConfig;
  /** `program` is the index of its key. */
  readonly instructions: readonly { program: number; accounts: Uint8Array; data: Uint8Array }[];
}

/**
 * Reads a message of version 1: version, header (3 bytes), mask of the configuration (u32), blockhash, number of instructions and of
 * accounts (a byte each), accounts, values of the configuration, a head for each instruction (program, number of accounts, u16 bytes of
 * data), then accounts and data of each. Source: SIMD-0385.
 * @throws RangeError if the bytes are something else
 */
export function readV1Message(reader: ByteReader): V1Message {
  reader.byte();
  const signers = atMost(reader.byte(), MOST_SIGNATURES);
  reader.take(2);
  const mask = reader.take(4).readUInt32LE();
  const blockhash = reader.take(KEY_BYTES);
  const count = atMost(reader.byte(), MOST_INSTRUCTIONS);
  const keys = reader.take(atMost(reader.byte(), MOST_KEYS) * KEY_BYTES);
  const config = readConfig(reader, mask);
  const heads = Array.from({ length: count }, () => ({
    program: reader.byte(),
    accounts: reader.byte(),
    bytes: reader.take(2).readUInt16LE(),
  }));
  const instructions = heads.map(({ program, accounts, bytes }) => ({
    program,
    accounts: reader.take(accounts),
    data: reader.take(bytes),
  }));
  return { signers, keys, blockhash, config, instructions };
}

function readConfig(reader: ByteReader, mask: number): WireConfig {
  const fee = mask & FEE_BITS;
  if (fee !== 0 && fee !== FEE_BITS) throw new RangeError("half of a priority fee");
  const priorityFeeLamports = fee === 0 ? undefined : reader.take(8).readBigUInt64LE();
  const computeUnitLimit = (mask & LIMIT_BIT) === 0 ? undefined : reader.take(4).readUInt32LE();
  for (let bit = 3; bit < VALUE_BITS; bit++) if (((mask >>> bit) & 1) === 1) reader.take(4);
  return { priorityFeeLamports, computeUnitLimit };
}

function atMost(count: number, most: number): number {
  if (count > most) throw new RangeError(`${count}, more than ${most}`);
  return count;
}
