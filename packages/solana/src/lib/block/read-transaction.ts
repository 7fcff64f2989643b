import { BlockError } from "./block-error.ts";
import type { BlockTransaction, Instruction, LamportBalance, TokenBalance } from "./model.ts";
import type { RawInstruction, RawTokenBalance, RawTransaction } from "./schema.ts";

/** Resolves a transaction's account indices and puts its instructions into execution order. */
export function readTransaction(raw: RawTransaction, place: string): BlockTransaction {
  const { signatures, message } = raw.transaction;
  const loaded = raw.meta.loadedAddresses;
  const accounts = new Accounts([
    ...message.accountKeys,
    ...(loaded?.writable ?? []),
    ...(loaded?.readonly ?? []),
  ]);
  return {
    place,
    signature: signatures[0] ?? "",
    signatures: signatures.length,
    signer: message.accountKeys[0] ?? "",
    failed: raw.meta.err !== null && raw.meta.err !== undefined,
    feeLamports: BigInt(raw.meta.fee),
    instructions: readInstructions(raw, accounts, place),
    lamports: readLamports(raw, accounts),
    tokenBalances: readTokenBalances(raw, accounts, `${place}.meta`),
  };
}

/** The message's own accounts, then those from lookup tables: writable, then read-only. */
class Accounts {
  readonly #keys: readonly string[];

  constructor(keys: readonly string[]) {
    this.#keys = keys;
  }

  find(index: number): string | undefined {
    return this.#keys[index];
  }

  at(index: number, place: string): string {
    const key = this.#keys[index];
    if (key !== undefined) return key;
    throw new BlockError(
      place,
      `account ${index} does not exist, the transaction has ${this.#keys.length} accounts (is loadedAddresses missing?)`,
    );
  }
}

function readInstructions(raw: RawTransaction, accounts: Accounts, place: string): Instruction[] {
  const top = raw.transaction.message.instructions;
  const innerOf = new Map<number, number[]>();
  for (const [position, { index }] of raw.meta.innerInstructions.entries()) {
    if (index >= top.length) {
      throw new BlockError(
        `${place}.meta.innerInstructions[${position}].index`,
        `instruction ${index} does not exist, the transaction has ${top.length} instructions`,
      );
    }
    innerOf.set(index, [...(innerOf.get(index) ?? []), position]);
  }
  return top.flatMap((instruction, index) => {
    const outerPlace = `${place}.transaction.message.instructions[${index}]`;
    const outer = readInstruction(instruction, accounts, outerPlace, String(index), 1);
    const ran = [outer];
    for (const position of innerOf.get(index) ?? []) {
      for (const [number, inner] of (raw.meta.innerInstructions[position]?.instructions ?? []).entries()) {
        const innerPlace = `${place}.meta.innerInstructions[${position}].instructions[${number}]`;
        const label = `${index}.${ran.length - 1}`;
        const depth = inner.stackHeight ?? undefined;
        ran.push(readInstruction(inner, accounts, innerPlace, label, depth, outer.program));
      }
    }
    return ran;
  });
}

function readInstruction(
  raw: RawInstruction,
  accounts: Accounts,
  place: string,
  label: string,
  depth: number | undefined,
  topProgram?: string,
): Instruction {
  const program = accounts.at(raw.programIdIndex, `${place}.programIdIndex`);
  return {
    place,
    label,
    program,
    topProgram: topProgram ?? program,
    accounts: raw.accounts.map((index, position) => accounts.at(index, `${place}.accounts[${position}]`)),
    data: raw.data,
    depth,
  };
}

/** Balances are in the order of the accounts. Values that a double cannot hold exactly are left out. */
function readLamports({ meta }: RawTransaction, accounts: Accounts): ReadonlyMap<string, LamportBalance> {
  const balances = new Map<string, LamportBalance>();
  const after = meta.postBalances ?? [];
  for (const [index, before] of (meta.preBalances ?? []).entries()) {
    const now = after[index];
    const account = accounts.find(index);
    if (account === undefined || now === undefined || now === before) continue;
    if (!Number.isSafeInteger(before) || !Number.isSafeInteger(now)) continue;
    balances.set(account, { before: BigInt(before), after: BigInt(now) });
  }
  return balances;
}

function readTokenBalances(
  raw: RawTransaction,
  accounts: Accounts,
  place: string,
): ReadonlyMap<string, TokenBalance> {
  const balances = new Map<string, TokenBalance>();
  const add = (side: "before" | "after", list: readonly RawTokenBalance[], listPlace: string): void => {
    for (const [position, { accountIndex, mint, owner, uiTokenAmount }] of list.entries()) {
      const account = accounts.at(accountIndex, `${listPlace}[${position}].accountIndex`);
      const known = balances.get(account) ?? { mint, owner: owner ?? undefined, before: 0n, after: 0n };
      balances.set(account, { ...known, [side]: uiTokenAmount.amount });
    }
  };
  add("before", raw.meta.preTokenBalances, `${place}.preTokenBalances`);
  add("after", raw.meta.postTokenBalances, `${place}.postTokenBalances`);
  return balances;
}
