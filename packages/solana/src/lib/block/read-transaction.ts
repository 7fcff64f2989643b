import { BlockError } from "./block-error.ts";
import { ABSENT, type BalanceDrafts, type InstructionDrafts, type TransactionDraft } from "./draft.ts";
import { type InstructionPlace, pathOf, ReadInstruction } from "./instruction.ts";
import type { BlockTransaction, Instruction, LamportBalance, TokenBalance } from "./model.ts";
import { batchedInstructions } from "./token-batch.ts";
import { NEWEST_TRANSACTION_VERSION } from "./version.ts";

/** Resolves a transaction's account indices and puts its instructions into execution order. */
export function readTransaction(draft: TransactionDraft, place: string): BlockTransaction {
  const { accountKeys, writable, readonly, failed } = draft;
  const isComplete = isOfKnownVersion(draft) && (isLoaded(draft) || !loadsAccounts(draft));
  const keys =
    writable === undefined || readonly === undefined || writable.length + readonly.length === 0
      ? accountKeys
      : accountKeys.concat(writable, readonly);
  return {
    place,
    signature: draft.signature,
    signatures: draft.signatures,
    signer: accountKeys[0] ?? "",
    failed,
    feeLamports: draft.hasMeta ? BigInt(draft.fee) : undefined,
    priorityFeeLamports: draft.priorityFee === ABSENT ? undefined : BigInt(draft.priorityFee),
    accounts: isComplete ? keys : undefined,
    unrecorded: unrecordedIn(draft, isComplete),
    instructions: isComplete ? readInstructions(draft, keys, place) : [],
    lamports: failed ? noLamports : readLamports(draft, keys),
    tokenBalances: isComplete ? readTokenBalances(draft, keys, `${place}.meta`) : noTokens,
  };
}

/** A later version may have its accounts and instructions elsewhere. */
function isOfKnownVersion({ version }: TransactionDraft): boolean {
  return version === undefined || version <= NEWEST_TRANSACTION_VERSION;
}

/** Whether the node says what was loaded from lookup tables. A transaction that names tables loads something. */
function isLoaded({ lookups, writable, readonly }: TransactionDraft): boolean {
  if (writable === undefined || readonly === undefined) return false;
  return lookups === 0 || writable.length + readonly.length > 0;
}

/** Whether its instructions name accounts that are loaded from lookup tables. */
function loadsAccounts({ lookups, hasMeta, accountKeys, top }: TransactionDraft): boolean {
  if (lookups > 0) return true;
  if (hasMeta) return false;
  const { length } = accountKeys;
  for (let at = 0; at < top.count; at++) if ((top.programs[at] ?? 0) >= length) return true;
  for (let at = 0; at < top.accountCount; at++) if ((top.accounts[at] ?? 0) >= length) return true;
  return false;
}

function unrecordedIn(draft: TransactionDraft, isComplete: boolean): string | undefined {
  const { version, hasMeta, groups, tokensBefore, tokensAfter } = draft;
  if (!isOfKnownVersion(draft)) return `it in a version that can be read (it has version ${version})`;
  if (!hasMeta) return "its outcome (meta is null)";
  if (!isComplete) return "the accounts that it loaded from lookup tables";
  // Swaps are read from what it called and what it moved.
  if (groups === ABSENT) return "what it called (innerInstructions)";
  if (tokensBefore.count === ABSENT || tokensAfter.count === ABSENT) return "its token balances";
  return undefined;
}

function readInstructions(
  draft: TransactionDraft,
  keys: readonly string[],
  transaction: string,
): Instruction[] {
  const { top, inner, groupEnds, groupIndexes } = draft;
  const lists = listsByCaller(draft, transaction);
  const ran: Instruction[] = [];
  let next = 0;
  for (let index = 0; index < top.count; index++) {
    const place = { transaction, top: index, list: -1, position: 0, before: 0 };
    const outer = readInstruction(top, index, keys, place, undefined);
    add(ran, outer);
    let before = 0;
    for (; next < lists.length; next++) {
      const list = lists[next] ?? 0;
      if (groupIndexes[list] !== index) break;
      const start = list === 0 ? 0 : (groupEnds[list - 1] ?? 0);
      const end = groupEnds[list] ?? 0;
      for (let at = start; at < end; at++) {
        const place = { transaction, top: index, list, position: at - start, before: before++ };
        add(ran, readInstruction(inner, at, keys, place, outer.program));
      }
    }
  }
  return ran;
}

/** The lists of inner instructions in the order of the instructions that called them. */
function listsByCaller({ groups, groupIndexes, top }: TransactionDraft, transaction: string): number[] {
  const lists: number[] = [];
  let isInOrder = true;
  for (let list = 0; list < groups; list++) {
    const index = groupIndexes[list] ?? 0;
    if (index >= top.count) {
      throw new BlockError(
        `${transaction}.meta.innerInstructions[${list}].index`,
        `instruction ${index} does not exist, the transaction has ${top.count} instructions`,
      );
    }
    isInOrder &&= list === 0 || (groupIndexes[list - 1] ?? 0) <= index;
    lists.push(list);
  }
  return isInOrder ? lists : lists.sort((a, b) => (groupIndexes[a] ?? 0) - (groupIndexes[b] ?? 0));
}

/** What a batch consists of counts as called one by one, in its place. */
function add(ran: Instruction[], instruction: Instruction): void {
  const parts = batchedInstructions(instruction);
  if (parts === undefined) ran.push(instruction);
  else for (const part of parts) ran.push(part);
}

/** @param topProgram undefined if it is top-level */
function readInstruction(
  drafts: InstructionDrafts,
  at: number,
  keys: readonly string[],
  place: InstructionPlace,
  topProgram: string | undefined,
): Instruction {
  const start = at === 0 ? 0 : (drafts.accountEnds[at - 1] ?? 0);
  const end = drafts.accountEnds[at] ?? 0;
  const index = drafts.programs[at] ?? ABSENT;
  const program = keys[index];
  if (program === undefined) return accountError(keys, index, `${pathOf(place)}.programIdIndex`);
  const accounts: string[] = [];
  for (let position = start; position < end; position++) {
    const account = drafts.accounts[position] ?? ABSENT;
    const key = keys[account];
    if (key === undefined)
      return accountError(keys, account, `${pathOf(place)}.accounts[${position - start}]`);
    accounts.push(key);
  }
  const height = drafts.heights[at] ?? ABSENT;
  return new ReadInstruction(
    place,
    program,
    topProgram ?? program,
    accounts,
    drafts.data[at] ?? "",
    topProgram === undefined ? 1 : height === ABSENT ? undefined : height,
  );
}

/** @param keys the message's own accounts, then those from lookup tables: writable, then read-only */
function accountError(keys: readonly string[], index: number, place: string): never {
  throw new BlockError(
    place,
    `account ${index} does not exist, the transaction has ${keys.length} accounts (is loadedAddresses missing?)`,
  );
}

/** Accounts whose lamports changed. Values that a double cannot hold exactly are left out. */
function readLamports(
  { lamportsBefore, lamportsAfter }: TransactionDraft,
  keys: readonly string[],
): ReadonlyMap<string, LamportBalance> {
  // Balances are in the order of the accounts.
  const count = Math.min(lamportsBefore.count, lamportsAfter.count, keys.length);
  if (count <= 0) return noLamports;
  const balances = new Map<string, LamportBalance>();
  for (let index = 0; index < count; index++) {
    const before = lamportsBefore.values[index] ?? 0;
    const after = lamportsAfter.values[index] ?? 0;
    if (before === after || !Number.isSafeInteger(before) || !Number.isSafeInteger(after)) continue;
    balances.set(keys[index] ?? "", { before: BigInt(before), after: BigInt(after) });
  }
  return balances;
}

function readTokenBalances(
  { tokensBefore: pre, tokensAfter: post, failed }: TransactionDraft,
  keys: readonly string[],
  place: string,
): ReadonlyMap<string, TokenBalance> {
  if (pre.count <= 0 && post.count <= 0) return noTokens;
  checkAccounts(pre, keys, `${place}.preTokenBalances`);
  checkAccounts(post, keys, `${place}.postTokenBalances`);
  if (failed) return noTokens;
  const balances = new Map<string, Writable<TokenBalance>>();
  for (let at = 0; at < pre.count; at++) balanceOf(balances, pre, at, keys).before = pre.amount(at);
  const isListedOnce = balances.size === pre.count;
  for (let at = 0; at < post.count; at++) {
    const balance = balanceOf(balances, post, at, keys);
    // Most balances have not changed. Both lists are in the order of the accounts.
    const isSame = at < pre.count && pre.accounts[at] === post.accounts[at] && post.isSameAmount(at, pre);
    balance.after = isSame && isListedOnce ? balance.before : post.amount(at);
  }
  return balances;
}

function checkAccounts({ count, accounts }: BalanceDrafts, keys: readonly string[], place: string): void {
  for (let at = 0; at < count; at++) {
    const index = accounts[at] ?? ABSENT;
    if (index >= keys.length) accountError(keys, index, `${place}[${at}].accountIndex`);
  }
}

function balanceOf(
  balances: Map<string, Writable<TokenBalance>>,
  { accounts, mints, owners }: BalanceDrafts,
  at: number,
  keys: readonly string[],
): Writable<TokenBalance> {
  const account = keys[accounts[at] ?? 0] ?? "";
  const known = balances.get(account);
  if (known !== undefined) return known;
  const fresh = { mint: mints[at] ?? "", owner: owners[at], before: 0n, after: 0n };
  balances.set(account, fresh);
  return fresh;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const noLamports: ReadonlyMap<string, LamportBalance> = new Map();
const noTokens: ReadonlyMap<string, TokenBalance> = new Map();
