import { base58 } from "@scure/base";

/** A transaction to build, as it is sent. Every account is there in full, apart from those of `lookedUp`. */
export interface WireDraft {
  readonly version: "legacy" | 0 | 1;
  readonly payer: string;
  readonly blockhash: string;
  readonly instructions: readonly {
    readonly program: string;
    readonly accounts: readonly string[];
    readonly data: Uint8Array;
  }[];
  /** 64 bytes each, base58; "" for one that is still missing. As many as accounts that sign. */
  readonly signatures: readonly string[];
  /** Accounts that come from a look-up table (version 0). */
  readonly lookedUp?: readonly string[];
  /** Of version 1. */
  readonly config?: { readonly priorityFeeLamports?: bigint; readonly computeUnitLimit?: number };
}

const SIGNATURE_BYTES = 64;

/** The bytes of a transaction. */
export function builtTransaction(draft: WireDraft): Buffer {
  const message = draft.version === 1 ? v1Message(draft) : oldMessage(draft);
  const signatures = Buffer.concat(
    draft.signatures.map((signature) =>
      signature === "" ? Buffer.alloc(SIGNATURE_BYTES) : Buffer.from(base58.decode(signature)),
    ),
  );
  return draft.version === 1
    ? Buffer.concat([message, signatures])
    : Buffer.concat([compact(draft.signatures.length), signatures, message]);
}

/** Data of an instruction of the compute budget program that sets the limit. */
export function limitData(units: number): Buffer {
  const data = Buffer.from([2, 0, 0, 0, 0]);
  data.writeUInt32LE(units, 1);
  return data;
}

/** Data of an instruction of the compute budget program that sets the price, micro-lamports. */
export function priceData(microLamports: bigint): Buffer {
  const data = Buffer.concat([Buffer.from([3]), Buffer.alloc(8)]);
  data.writeBigUInt64LE(microLamports, 1);
  return data;
}

/** Data of a transfer by the System program. */
export function transferData(lamports: bigint): Buffer {
  const data = Buffer.from([2, 0, 0, 0, ...Buffer.alloc(8)]);
  data.writeBigUInt64LE(lamports, 4);
  return data;
}

function oldMessage(draft: WireDraft): Buffer {
  const { keys, lookedUp, index } = keysOf(draft);
  const parts = [
    ...(draft.version === 0 ? [Buffer.from([0x80])] : []),
    Buffer.from([draft.signatures.length, 0, 0]),
    compact(keys.length),
    ...keys.map((key) => Buffer.from(base58.decode(key))),
    Buffer.from(base58.decode(draft.blockhash)),
    compact(draft.instructions.length),
    ...draft.instructions.flatMap(({ program, accounts, data }) => [
      Buffer.from([index(program)]),
      compact(accounts.length),
      Buffer.from(accounts.map(index)),
      compact(data.length),
      data,
    ]),
  ];
  if (draft.version === 0) {
    const table = [Buffer.alloc(32, 7), compact(lookedUp.length), Buffer.alloc(lookedUp.length), compact(0)];
    parts.push(...(lookedUp.length === 0 ? [compact(0)] : [compact(1), ...table]));
  }
  return Buffer.concat(parts);
}

function v1Message(draft: WireDraft): Buffer {
  const { keys, index } = keysOf(draft);
  const { priorityFeeLamports, computeUnitLimit } = draft.config ?? {};
  const head = Buffer.alloc(8);
  head.set([0x81, draft.signatures.length, 0, 0]);
  head.writeUInt32LE(
    (priorityFeeLamports === undefined ? 0 : 0b11) | (computeUnitLimit === undefined ? 0 : 0b100),
    4,
  );
  const fee = Buffer.alloc(priorityFeeLamports === undefined ? 0 : 8);
  if (priorityFeeLamports !== undefined) fee.writeBigUInt64LE(priorityFeeLamports);
  const limit = Buffer.alloc(computeUnitLimit === undefined ? 0 : 4);
  if (computeUnitLimit !== undefined) limit.writeUInt32LE(computeUnitLimit);
  return Buffer.concat([
    head,
    base58.decode(draft.blockhash),
    Buffer.from([draft.instructions.length, keys.length]),
    ...keys.map((key) => base58.decode(key)),
    fee,
    limit,
    ...draft.instructions.map(({ program, accounts, data }) =>
      Buffer.from([index(program), accounts.length, data.length & 0xff, data.length >> 8]),
    ),
    ...draft.instructions.flatMap(({ accounts, data }) => [Buffer.from(accounts.map(index)), data]),
  ]);
}

function keysOf({ payer, instructions, lookedUp = [] }: WireDraft) {
  const named = instructions.flatMap(({ program, accounts }) => [...accounts, program]);
  const keys = [...new Set([payer, ...named])].filter((key) => !lookedUp.includes(key));
  const all = [...keys, ...lookedUp];
  return { keys, lookedUp, index: (key: string): number => all.indexOf(key) };
}

function compact(value: number): Buffer {
  return Buffer.from(value < 0x80 ? [value] : [(value & 0x7f) | 0x80, value >> 7]);
}
