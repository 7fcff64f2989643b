import { BlockError, placeOf } from "../block-error.ts";
import { TransactionDraft } from "../draft.ts";
import type { Block, BlockTransaction } from "../model.ts";
import { readTransaction } from "../read-transaction.ts";
import { JsonCursor, NotRead } from "./json-cursor.ts";
import { END, ObjectKeys } from "./object-keys.ts";
import { readTransactionBytes } from "./transaction-bytes.ts";
import { nullish, once } from "./values.ts";

/**
 * Reads a `getBlock` answer from its bytes, and only what is needed of it. All of the text is checked to be JSON, and what is read to have
 * the form of `blockSchema`.
 * @returns what the full parser makes of it; undefined if there is anything wrong with it, or if it is written as no node does (keys
 * twice or with escapes, numbers such as 1e3): the full parser says which
 */
export function readBlockBytes(bytes: Uint8Array): Block | undefined {
  try {
    const cursor = new JsonCursor(bytes);
    const block = readAnswer(cursor, answerKeys, []);
    cursor.end();
    return block;
  } catch (error) {
    if (error instanceof NotRead || error instanceof BlockError) return undefined;
    throw error;
  }
}

const blockKeys = [
  ...["transactions", "blockTime", "parentSlot", "rewards"],
  ...["blockhash", "previousBlockhash", "blockHeight", "numRewardPartitions"],
];
const insideKeys = new ObjectKeys(blockKeys);
// The last say that something else was given than a block, which is not explained here.
const answerKeys = new ObjectKeys([...blockKeys, "jsonrpc", "id", "result", "error", "transaction", "meta"]);
const resultKey = blockKeys.length + 2;

/** Reads the block, or the envelope around it. */
function readAnswer(cursor: JsonCursor, keys: ObjectKeys, place: readonly PropertyKey[]): Block {
  let transactions: BlockTransaction[] | undefined;
  let blockTime: number | null = null;
  let parentSlot: number | null = null;
  let leader: string | null = null;
  let inside: Block | undefined;
  let seen = 0;
  for (let key = cursor.next(keys, keys.start); key !== END; key = cursor.next(keys, key)) {
    seen = once(seen, key, keys);
    if (key === 0) transactions = readTransactions(cursor, placeOf([...place, "transactions"]));
    else if (key === 1) blockTime = nullish(cursor, readIndex);
    else if (key === 2) parentSlot = nullish(cursor, readIndex);
    else if (key === 3) leader = nullish(cursor, readLeader);
    else if (key === keys.other || key < resultKey) cursor.skip();
    else if (key === resultKey) inside = readAnswer(cursor, insideKeys, ["result"]);
    else throw new NotRead();
  }
  if (inside !== undefined) return inside;
  if (transactions === undefined) throw new NotRead();
  return { blockTime, parentSlot, leader, transactions };
}

function readTransactions(cursor: JsonCursor, place: string): BlockTransaction[] {
  const transactions: BlockTransaction[] = [];
  const signatures = new Set<string>();
  const draft = new TransactionDraft();
  if (!cursor.enter(0x5b, 0x5d)) return transactions;
  do {
    readTransactionBytes(cursor, draft);
    if (signatures.has(draft.signature)) throw new NotRead();
    signatures.add(draft.signature);
    transactions.push(readTransaction(draft, `${place}[${transactions.length}]`));
  } while (cursor.hasMore(0x5d));
  return transactions;
}

/** The first to whom fees were paid. */
function readLeader(cursor: JsonCursor): string | null {
  let leader: string | null = null;
  if (!cursor.enter(0x5b, 0x5d)) return leader;
  do leader = readReward(cursor, leader);
  while (cursor.hasMore(0x5d));
  return leader;
}

const rewardKeys = new ObjectKeys(["pubkey", "rewardType", "lamports", "postBalance", "commission"]);

function readReward(cursor: JsonCursor, leader: string | null): string | null {
  let pubkey = "";
  let type: string | null = null;
  let seen = 0;
  const keys = rewardKeys;
  for (let key = cursor.next(keys, keys.start); key !== END; key = cursor.next(keys, key)) {
    seen = once(seen, key, keys);
    if (key === 0) pubkey = cursor.text();
    else if (key === 1) type = nullish(cursor, readText);
    else cursor.skip();
  }
  if ((seen & 1) === 0) throw new NotRead();
  return leader ?? (type === "Fee" ? pubkey : null);
}

function readText(cursor: JsonCursor): string {
  return cursor.text();
}

function readIndex(cursor: JsonCursor): number {
  return cursor.index();
}
