import { ABSENT, type BalanceDrafts, type InstructionDrafts, type TransactionDraft } from "../draft.ts";
import { type JsonCursor, NotRead } from "./json-cursor.ts";
import { END, ObjectKeys } from "./object-keys.ts";
import { list, nullish, once } from "./values.ts";

// Each table names first what is read, in the order of the cases below, and then what nodes write beside it.

const transactionKeys = new ObjectKeys(["transaction", "meta", "version"]);

/** @throws NotRead if `blockSchema` refuses the transaction, or if it is written in a rare way */
export function readTransactionBytes(cursor: JsonCursor, draft: TransactionDraft): void {
  draft.clear();
  let seen = 0;
  const keys = transactionKeys;
  for (let key = cursor.next(keys, keys.start); key !== END; key = cursor.next(keys, key)) {
    seen = once(seen, key, keys);
    if (key === 0) readSigned(cursor, draft);
    else if (key === 1) readMeta(cursor, draft);
    else if (key === 2) draft.version = readVersion(cursor);
    else cursor.skip();
  }
  if ((seen & 0b11) !== 0b11) throw new NotRead();
}

/** Only numbers say anything. */
function readVersion(cursor: JsonCursor): number | undefined {
  const byte = cursor.peek();
  if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) return cursor.index();
  cursor.skip();
  return undefined;
}

const signedKeys = new ObjectKeys(["signatures", "message"]);

function readSigned(cursor: JsonCursor, draft: TransactionDraft): void {
  let seen = 0;
  const keys = signedKeys;
  for (let key = cursor.next(keys, keys.start); key !== END; key = cursor.next(keys, key)) {
    seen = once(seen, key, keys);
    if (key === 0) {
      const signatures = list(cursor, readRareText);
      draft.signature = signatures[0] ?? "";
      draft.signatures = signatures.length;
      if (signatures.length === 0) throw new NotRead();
    } else if (key === 1) readMessage(cursor, draft);
    else cursor.skip();
  }
  if ((seen & 0b11) !== 0b11) throw new NotRead();
}

const messageKeys = new ObjectKeys([
  ...["accountKeys", "instructions", "addressTableLookups", "transactionConfig"],
  ...["header", "recentBlockhash"],
]);

function readMessage(cursor: JsonCursor, draft: TransactionDraft): void {
  let seen = 0;
  const keys = messageKeys;
  for (let key = cursor.next(keys, keys.start); key !== END; key = cursor.next(keys, key)) {
    seen = once(seen, key, keys);
    if (key === 0) {
      draft.accountKeys = list(cursor, readText);
      if (draft.accountKeys.length === 0) throw new NotRead();
    } else if (key === 1) readInstructions(cursor, draft.top);
    else if (key === 2) draft.lookups = nullish(cursor, countItems) ?? 0;
    else if (key === 3) draft.priorityFee = nullish(cursor, readConfig) ?? ABSENT;
    else cursor.skip();
  }
  if ((seen & 0b11) !== 0b11) throw new NotRead();
}

/** Nothing is asked of what they are. */
function countItems(cursor: JsonCursor): number {
  let count = 0;
  if (!cursor.enter(0x5b, 0x5d)) return count;
  do {
    cursor.skip();
    count++;
  } while (cursor.hasMore(0x5d));
  return count;
}

const configKeys = new ObjectKeys([
  ...["priorityFee", "computeUnitLimit", "heapSize", "loadedAccountsDataSizeLimit"],
]);

function readConfig(cursor: JsonCursor): number {
  let priorityFee = ABSENT;
  let seen = 0;
  const keys = configKeys;
  for (let key = cursor.next(keys, keys.start); key !== END; key = cursor.next(keys, key)) {
    seen = once(seen, key, keys);
    if (key === 0) priorityFee = nullish(cursor, readIndex) ?? ABSENT;
    else cursor.skip();
  }
  return priorityFee;
}

function readInstructions(cursor: JsonCursor, drafts: InstructionDrafts): void {
  if (!cursor.enter(0x5b, 0x5d)) return;
  do readInstruction(cursor, drafts);
  while (cursor.hasMore(0x5d));
}

const instructionKeys = new ObjectKeys(["programIdIndex", "accounts", "data", "stackHeight"]);

function readInstruction(cursor: JsonCursor, drafts: InstructionDrafts): void {
  let program = ABSENT;
  let accountEnd = 0;
  let data = "";
  let height = ABSENT;
  let seen = 0;
  const keys = instructionKeys;
  for (let key = cursor.next(keys, keys.start); key !== END; key = cursor.next(keys, key)) {
    seen = once(seen, key, keys);
    if (key === 0) program = cursor.index();
    else if (key === 1)
      accountEnd = cursor.integers(drafts.accounts, drafts.accountCount, Number.MAX_SAFE_INTEGER);
    else if (key === 2) data = cursor.rareText();
    else if (key === 3) height = cursor.isNull() ? ABSENT : cursor.index();
    else cursor.skip();
  }
  if ((seen & 0b111) !== 0b111) throw new NotRead();
  drafts.add(program, accountEnd, data, height);
}

const metaKeys = new ObjectKeys([
  ...["err", "fee", "preBalances", "postBalances", "innerInstructions", "preTokenBalances"],
  ...["postTokenBalances", "loadedAddresses"],
  ...["status", "logMessages", "rewards", "computeUnitsConsumed", "costUnits", "returnData"],
]);

function readMeta(cursor: JsonCursor, draft: TransactionDraft): void {
  if (cursor.isNull()) return;
  draft.hasMeta = true;
  const { lamportsBefore, lamportsAfter, tokensBefore, tokensAfter } = draft;
  let seen = 0;
  const keys = metaKeys;
  for (let key = cursor.next(keys, keys.start); key !== END; key = cursor.next(keys, key)) {
    seen = once(seen, key, keys);
    if (key === 0) draft.failed = !cursor.isNull() && isSomething(cursor);
    else if (key === 1) draft.fee = cursor.index();
    else if (key === 2) lamportsBefore.count = readLamports(cursor, lamportsBefore.values);
    else if (key === 3) lamportsAfter.count = readLamports(cursor, lamportsAfter.values);
    else if (key === 4) readInnerLists(cursor, draft);
    else if (key === 5) readTokenBalances(cursor, tokensBefore, tokensAfter);
    else if (key === 6) readTokenBalances(cursor, tokensAfter, tokensBefore);
    else if (key === 7) readLoaded(cursor, draft);
    else cursor.skip();
  }
  if ((seen & 0b10) === 0) throw new NotRead();
}

/** That it is there is all that is asked of it. */
function isSomething(cursor: JsonCursor): true {
  cursor.skip();
  return true;
}

function readLamports(cursor: JsonCursor, values: number[]): number {
  return cursor.isNull() ? ABSENT : cursor.integers(values, 0, Number.POSITIVE_INFINITY);
}

function readInnerLists(cursor: JsonCursor, draft: TransactionDraft): void {
  if (cursor.isNull()) return;
  draft.groups = 0;
  if (!cursor.enter(0x5b, 0x5d)) return;
  do readInner(cursor, draft);
  while (cursor.hasMore(0x5d));
}

const innerKeys = new ObjectKeys(["index", "instructions"]);

function readInner(cursor: JsonCursor, draft: TransactionDraft): void {
  let index = 0;
  let seen = 0;
  const keys = innerKeys;
  for (let key = cursor.next(keys, keys.start); key !== END; key = cursor.next(keys, key)) {
    seen = once(seen, key, keys);
    if (key === 0) index = cursor.index();
    else if (key === 1) readInstructions(cursor, draft.inner);
    else cursor.skip();
  }
  if ((seen & 0b11) !== 0b11) throw new NotRead();
  draft.endGroup(index);
}

const loadedKeys = new ObjectKeys(["writable", "readonly"]);

function readLoaded(cursor: JsonCursor, draft: TransactionDraft): void {
  if (cursor.isNull()) return;
  let seen = 0;
  const keys = loadedKeys;
  for (let key = cursor.next(keys, keys.start); key !== END; key = cursor.next(keys, key)) {
    seen = once(seen, key, keys);
    if (key === 0) draft.writable = list(cursor, readText);
    else if (key === 1) draft.readonly = list(cursor, readText);
    else cursor.skip();
  }
  if ((seen & 0b11) !== 0b11) throw new NotRead();
}

/** Where the token balances begin and end that came first, before or after the transaction. */
const places: number[] = [];

/**
 * Most balances did not change: what stands after the transaction is, byte for byte, what stood before it.
 * @param other the list that came first, if it has come
 */
function readTokenBalances(cursor: JsonCursor, drafts: BalanceDrafts, other: BalanceDrafts): void {
  if (cursor.isNull()) return;
  drafts.count = 0;
  if (!cursor.enter(0x5b, 0x5d)) return;
  do {
    cursor.peek();
    const { count } = drafts;
    if (count < other.count && cursor.repeats(places[2 * count] ?? 0, places[2 * count + 1] ?? 0)) {
      drafts.addFrom(other, count);
      continue;
    }
    const start = cursor.at;
    readTokenBalance(cursor, drafts);
    if (other.count !== ABSENT) continue;
    places[2 * count] = start;
    places[2 * count + 1] = cursor.at;
  } while (cursor.hasMore(0x5d));
}

const balanceKeys = new ObjectKeys(["accountIndex", "mint", "uiTokenAmount", "owner", "programId"]);

function readTokenBalance(cursor: JsonCursor, drafts: BalanceDrafts): void {
  let account = ABSENT;
  let mint = "";
  let owner: string | undefined;
  let seen = 0;
  const keys = balanceKeys;
  for (let key = cursor.next(keys, keys.start); key !== END; key = cursor.next(keys, key)) {
    seen = once(seen, key, keys);
    if (key === 0) account = cursor.index();
    else if (key === 1) mint = cursor.text();
    else if (key === 2) readAmount(cursor);
    else if (key === 3) owner = cursor.isNull() ? undefined : cursor.text();
    else cursor.skip();
  }
  if ((seen & 0b111) !== 0b111) throw new NotRead();
  drafts.add(account, mint, owner, cursor.low, cursor.high);
}

const amountKeys = new ObjectKeys(["amount", "decimals", "uiAmount", "uiAmountString"]);

/** The amount is then the one that the cursor read last. */
function readAmount(cursor: JsonCursor): void {
  let seen = 0;
  const keys = amountKeys;
  for (let key = cursor.next(keys, keys.start); key !== END; key = cursor.next(keys, key)) {
    seen = once(seen, key, keys);
    if (key === 0) cursor.amount();
    else cursor.skip();
  }
  if ((seen & 1) === 0) throw new NotRead();
}

function readText(cursor: JsonCursor): string {
  return cursor.text();
}

function readRareText(cursor: JsonCursor): string {
  return cursor.rareText();
}

function readIndex(cursor: JsonCursor): number {
  return cursor.index();
}
