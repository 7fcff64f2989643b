import { BlockError, placeOf } from "../block-error.ts";
import { TransactionDraft } from "../draft.ts";
import type { BlockHead, BlockTransaction } from "../model.ts";
import { readTransaction } from "../read-transaction.ts";
import { JsonCursor, NotRead } from "./json-cursor.ts";
import { END, ObjectKeys } from "./object-keys.ts";
import { Signatures } from "./signatures.ts";
import { readTransactionBytes } from "./transaction-bytes.ts";
import { nullish, once } from "./values.ts";

/** Takes a block's transactions in order. Each may be forgotten before the next is read. */
export type TakeTransaction = (transaction: BlockTransaction, index: number) => void;

/**
 * Reads a `getBlock` answer from its bytes, and only what is needed of it. All of the text is checked to be JSON, and what is read to have
 * the form of `blockSchema`.
 * @param take what it threw, if that is a BlockError, is as if the block could not be read
 * @returns what the full parser makes of it; undefined if there is anything wrong with it, or if it is written as no node does (keys
 * twice or with escapes, numbers such as 1e3): the full parser says which. What `take` was given is then to be thrown away
 */
export function readBlockBytes(bytes: Uint8Array, take: TakeTransaction): BlockHead | undefined {
  try {
    const cursor = new JsonCursor(bytes);
    const head = readAnswer(cursor, answerKeys, [], take);
    cursor.end();
    return head;
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
function readAnswer(
  cursor: JsonCursor,
  keys: ObjectKeys,
  place: readonly PropertyKey[],
  take: TakeTransaction,
): BlockHead {
  let blockTime: number | null = null;
  let parentSlot: number | null = null;
  let leader: string | null = null;
  let inside: BlockHead | undefined;
  let seen = 0;
  for (let key = cursor.next(keys, keys.start); key !== END; key = cursor.next(keys, key)) {
    seen = once(seen, key, keys);
    if (key === 0) readTransactions(cursor, placeOf([...place, "transactions"]), take);
    else if (key === 1) blockTime = nullish(cursor, readIndex);
    else if (key === 2) parentSlot = nullish(cursor, readIndex);
    else if (key === 3) leader = nullish(cursor, readLeader);
    else if (key === keys.other || key < resultKey) cursor.skip();
    else if (key === resultKey) inside = readAnswer(cursor, insideKeys, ["result"], take);
    else throw new NotRead();
  }
  const hasTransactions = (seen & 1) !== 0;
  // Of a block in an envelope, whatever else the envelope has does not count.
  if (inside !== undefined && !hasTransactions) return inside;
  if (inside !== undefined || !hasTransactions) throw new NotRead();
  return { blockTime, parentSlot, leader };
}

function readTransactions(cursor: JsonCursor, place: string, take: TakeTransaction): void {
  const signatures = new Signatures();
  const draft = new TransactionDraft();
  if (!cursor.enter(0x5b, 0x5d)) return;
  do {
    readTransactionBytes(cursor, draft);
    const index = signatures.count;
    if (!signatures.add(draft.signature)) throw new NotRead();
    take(readTransaction(draft, `${place}[${index}]`), index);
  } while (cursor.hasMore(0x5d));
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
