import { BlockError } from "./block-error.ts";
import type { BlockTransaction, Instruction, LamportBalance, TokenBalance } from "./model.ts";
import type { RawInner, RawInstruction, RawMeta, RawTokenBalance, RawTransaction } from "./schema.ts";

/** Resolves a transaction's account indices and puts its instructions into execution order. */
export function readTransaction(raw: RawTransaction, place: string): BlockTransaction {
  const { signatures, message } = raw.transaction;
  const { meta } = raw;
  const loaded = meta?.loadedAddresses;
  const isComplete = loaded !== null && loaded !== undefined ? true : !loadsAccounts(raw);
  const accounts = new Accounts([
    ...message.accountKeys,
    ...(loaded?.writable ?? []),
    ...(loaded?.readonly ?? []),
  ]);
  const priorityFee = message.transactionConfig?.priorityFee;
  return {
    place,
    signature: signatures[0] ?? "",
    signatures: signatures.length,
    signer: message.accountKeys[0] ?? "",
    failed: meta?.err !== null && meta?.err !== undefined,
    feeLamports: meta === null ? undefined : BigInt(meta.fee),
    priorityFeeLamports: typeof priorityFee === "number" ? BigInt(priorityFee) : undefined,
    accounts: isComplete ? accounts.keys : undefined,
    unrecorded: unrecordedIn(meta, isComplete),
    instructions: isComplete
      ? readInstructions(message.instructions, meta?.innerInstructions ?? [], accounts, place)
      : [],
    lamports: readLamports(meta, accounts),
    tokenBalances: isComplete ? readTokenBalances(meta, accounts, `${place}.meta`) : new Map(),
  };
}

/** Whether its instructions name accounts that are loaded from lookup tables. */
function loadsAccounts({ transaction: { message }, meta }: RawTransaction): boolean {
  if (message.addressTableLookups?.length) return true;
  if (meta !== null) return false;
  const { length } = message.accountKeys;
  return message.instructions.some(
    ({ programIdIndex, accounts }) => programIdIndex >= length || accounts.some((index) => index >= length),
  );
}

function unrecordedIn(meta: RawMeta | null, isComplete: boolean): string | undefined {
  if (meta === null) return "its outcome (meta is null)";
  if (!isComplete) return "the accounts that it loaded from lookup tables";
  // Swaps are read from what it called and what it moved.
  if (!meta.innerInstructions) return "what it called (innerInstructions)";
  if (!meta.preTokenBalances || !meta.postTokenBalances) return "its token balances";
  return undefined;
}

/** The message's own accounts, then those from lookup tables: writable, then read-only. */
class Accounts {
  readonly keys: readonly string[];

  constructor(keys: readonly string[]) {
    this.keys = keys;
  }

  find(index: number): string | undefined {
    return this.keys[index];
  }

  at(index: number, place: string): string {
    const key = this.keys[index];
    if (key !== undefined) return key;
    throw new BlockError(
      place,
      `account ${index} does not exist, the transaction has ${this.keys.length} accounts (is loadedAddresses missing?)`,
    );
  }
}

function readInstructions(
  top: readonly RawInstruction[],
  inner: readonly RawInner[],
  accounts: Accounts,
  place: string,
): Instruction[] {
  const innerOf = new Map<number, number[]>();
  for (const [position, { index }] of inner.entries()) {
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
      for (const [number, called] of (inner[position]?.instructions ?? []).entries()) {
        const innerPlace = `${place}.meta.innerInstructions[${position}].instructions[${number}]`;
        const label = `${index}.${ran.length - 1}`;
        const depth = called.stackHeight ?? undefined;
        ran.push(readInstruction(called, accounts, innerPlace, label, depth, outer.program));
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
function readLamports(meta: RawMeta | null, accounts: Accounts): ReadonlyMap<string, LamportBalance> {
  const balances = new Map<string, LamportBalance>();
  const after = meta?.postBalances ?? [];
  for (const [index, before] of (meta?.preBalances ?? []).entries()) {
    const now = after[index];
    const account = accounts.find(index);
    if (account === undefined || now === undefined || now === before) continue;
    if (!Number.isSafeInteger(before) || !Number.isSafeInteger(now)) continue;
    balances.set(account, { before: BigInt(before), after: BigInt(now) });
  }
  return balances;
}

function readTokenBalances(
  meta: RawMeta | null,
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
  add("before", meta?.preTokenBalances ?? [], `${place}.preTokenBalances`);
  add("after", meta?.postTokenBalances ?? [], `${place}.postTokenBalances`);
  return balances;
}
