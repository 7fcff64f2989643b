import { BlockError, placeOf } from "./block-error.ts";
import { readBlockBytes } from "./bytes/block-bytes.ts";
import { TransactionDraft } from "./draft.ts";
import { isBlock } from "./is-block.ts";
import type { Block, BlockTransaction } from "./model.ts";
import { readTransaction } from "./read-transaction.ts";
import { blockSchema, type RawBlock } from "./schema.ts";
import { findBlock, hintFor } from "./shape.ts";

/**
 * Reads the text of a `getBlock` answer: the bare result, or the JSON-RPC envelope around it.
 * @throws BlockError with the place where the text is not such an answer.
 */
export function parseBlockText(text: string): Block {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BlockError("", `not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  return parseBlock(value);
}

/**
 * Reads the bytes of a `getBlock` answer. Gives the same as `parseBlockText` in a fraction of the time.
 * @throws BlockError with the place where the text is not such an answer.
 */
export function readBlock(bytes: Uint8Array): Block {
  const transactions: BlockTransaction[] = [];
  const head = readBlockBytes(bytes, (transaction) => transactions.push(transaction));
  return head === undefined ? parseBlockText(new TextDecoder().decode(bytes)) : { ...head, transactions };
}

/**
 * Checks a `getBlock` answer (`encoding: "json"`, transactions up to `NEWEST_TRANSACTION_VERSION`) and resolves its
 * accounts.
 * @throws BlockError
 */
export function parseBlock(value: unknown): Block {
  const { block: raw, place } = findBlock(value);
  const { blockTime, parentSlot, rewards, transactions } = isBlock(raw) ? raw : bySchema(raw, place);
  refuseRepeated(transactions, place);
  const draft = new TransactionDraft();
  return {
    blockTime: blockTime ?? null,
    parentSlot: parentSlot ?? null,
    leader: rewards?.find(({ rewardType }) => rewardType === "Fee")?.pubkey ?? null,
    transactions: transactions.map((transaction, index) => {
      draft.take(transaction);
      return readTransaction(draft, placeOf([...place, "transactions", index]));
    }),
  };
}

/** The schema takes as long as `JSON.parse`, so it is asked only what is wrong. */
function bySchema(raw: unknown, place: readonly PropertyKey[]): RawBlock {
  const parsed = blockSchema.safeParse(raw);
  if (!parsed.success) throw explain(raw, place, parsed.error.issues);
  return parsed.data;
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function explain(raw: unknown, place: readonly PropertyKey[], issues: readonly Issue[]): BlockError {
  const [first, ...others] = issues;
  if (first === undefined) return new BlockError(placeOf(place), "this is not a getBlock answer");
  const message = first.message.replace(/^Invalid input: /, "");
  const more = others.length > 0 ? ` (and ${others.length} more like this)` : "";
  return new BlockError(placeOf([...place, ...first.path]), `${message}${more}${hintFor(raw, first.path)}`);
}

/** A signature identifies a transaction. A repeated one would be counted as a duplicate and silently lost. */
function refuseRepeated(transactions: RawBlock["transactions"], place: readonly PropertyKey[]): void {
  const seen = new Map<string, number>();
  for (const [index, { transaction }] of transactions.entries()) {
    const signature = transaction.signatures[0] ?? "";
    const earlier = seen.get(signature);
    if (earlier !== undefined) {
      throw new BlockError(
        placeOf([...place, "transactions", index, "transaction", "signatures", 0]),
        `the same signature as ${placeOf([...place, "transactions", earlier])}; a block contains each transaction once`,
      );
    }
    seen.set(signature, index);
  }
}
