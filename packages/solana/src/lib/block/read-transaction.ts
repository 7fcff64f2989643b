import { BlockError } from "./block-error.ts";
import type { BlockTransaction, Instruction, LamportBalance, TokenBalance } from "./model.ts";
import type { RawInner, RawInstruction, RawMeta, RawTokenBalance, RawTransaction } from "./schema.ts";
import { batchedInstructions } from "./token-batch.ts";
import { NEWEST_TRANSACTION_VERSION } from "./version.ts";

/** Resolves a transaction's account indices and puts its instructions into execution order. */
export function readTransaction(raw: RawTransaction, place: string): BlockTransaction {
  const { signatures, message } = raw.transaction;
  const { meta } = raw;
  const loaded = meta?.loadedAddresses;
  const isComplete = isOfKnownVersion(raw) && (isLoaded(raw) || !loadsAccounts(raw));
  const accounts = new Accounts(
    loaded ? message.accountKeys.concat(loaded.writable, loaded.readonly) : message.accountKeys,
  );
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
    unrecorded: unrecordedIn(raw, isComplete),
    instructions: isComplete
      ? readInstructions(message.instructions, meta?.innerInstructions ?? [], accounts, place)
      : [],
    lamports: readLamports(meta, accounts),
    tokenBalances: isComplete ? readTokenBalances(meta, accounts, `${place}.meta`) : new Map(),
  };
}

/** A later version may have its accounts and instructions elsewhere. */
function isOfKnownVersion({ version }: RawTransaction): boolean {
  return typeof version !== "number" || version <= NEWEST_TRANSACTION_VERSION;
}

/** Whether the node says what was loaded from lookup tables. A transaction that names tables loads something. */
function isLoaded({ transaction: { message }, meta }: RawTransaction): boolean {
  const loaded = meta?.loadedAddresses;
  if (!loaded) return false;
  return !message.addressTableLookups?.length || loaded.writable.length + loaded.readonly.length > 0;
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

function unrecordedIn(raw: RawTransaction, isComplete: boolean): string | undefined {
  const { meta, version } = raw;
  if (!isOfKnownVersion(raw)) return `it in a version that can be read (it has version ${version})`;
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
  const ran: Instruction[] = [];
  for (const [index, instruction] of top.entries()) {
    const outerPlace = `${place}.transaction.message.instructions[${index}]`;
    const outer = readInstruction(instruction, accounts, outerPlace, String(index), 1);
    add(ran, outer);
    let count = 0;
    for (const position of innerOf.get(index) ?? []) {
      for (const [number, called] of (inner[position]?.instructions ?? []).entries()) {
        const innerPlace = `${place}.meta.innerInstructions[${position}].instructions[${number}]`;
        const depth = called.stackHeight ?? undefined;
        add(ran, readInstruction(called, accounts, innerPlace, `${index}.${count++}`, depth, outer.program));
      }
    }
  }
  return ran;
}

/** What a batch consists of counts as called one by one, in its place. */
function add(ran: Instruction[], instruction: Instruction): void {
  const parts = batchedInstructions(instruction);
  if (parts === undefined) ran.push(instruction);
  else ran.push(...parts);
}

function readInstruction(
  raw: RawInstruction,
  accounts: Accounts,
  place: string,
  label: string,
  depth: number | undefined,
  topProgram?: string,
): Instruction {
  const program =
    accounts.find(raw.programIdIndex) ?? accounts.at(raw.programIdIndex, `${place}.programIdIndex`);
  const named: string[] = [];
  for (let position = 0; position < raw.accounts.length; position++) {
    const index = raw.accounts[position] ?? -1;
    named.push(accounts.find(index) ?? accounts.at(index, `${place}.accounts[${position}]`));
  }
  return {
    place,
    label,
    program,
    topProgram: topProgram ?? program,
    accounts: named,
    data: raw.data,
    depth,
  };
}

/** Balances are in the order of the accounts. Values that a double cannot hold exactly are left out. */
function readLamports(meta: RawMeta | null, accounts: Accounts): ReadonlyMap<string, LamportBalance> {
  const balances = new Map<string, LamportBalance>();
  const after = meta?.postBalances ?? [];
  const pre = meta?.preBalances ?? [];
  for (let index = 0; index < pre.length; index++) {
    const before = pre[index];
    const now = after[index];
    if (before === undefined || now === undefined || now === before) continue;
    const account = accounts.find(index);
    if (account === undefined) continue;
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
  const pre = meta?.preTokenBalances ?? [];
  const post = meta?.postTokenBalances ?? [];
  if (pre.length + post.length === 0) return noTokens;
  const balances = new Map<string, Writable<TokenBalance>>();
  for (let position = 0; position < pre.length; position++) {
    const listed = pre[position];
    if (listed === undefined) continue;
    balanceOf(listed, "preTokenBalances", position).before = BigInt(listed.uiTokenAmount.amount);
  }
  const isListedOnce = balances.size === pre.length;
  for (let position = 0; position < post.length; position++) {
    const listed = post[position];
    if (listed === undefined) continue;
    const { amount } = listed.uiTokenAmount;
    const balance = balanceOf(listed, "postTokenBalances", position);
    // Most balances have not changed. Both lists are in the order of the accounts.
    const earlier = pre[position];
    const isSame = earlier?.accountIndex === listed.accountIndex && earlier.uiTokenAmount.amount === amount;
    balance.after = isSame && isListedOnce ? balance.before : BigInt(amount);
  }
  return balances;

  function balanceOf(listed: RawTokenBalance, list: string, position: number): Writable<TokenBalance> {
    const account =
      accounts.find(listed.accountIndex) ??
      accounts.at(listed.accountIndex, `${place}.${list}[${position}].accountIndex`);
    const known = balances.get(account);
    if (known !== undefined) return known;
    const fresh = { mint: listed.mint, owner: listed.owner ?? undefined, before: 0n, after: 0n };
    balances.set(account, fresh);
    return fresh;
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const noTokens: ReadonlyMap<string, TokenBalance> = new Map();
