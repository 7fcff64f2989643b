import type { Names } from "../names.ts";
import type { Form } from "./form.ts";
import {
  type ExecutedSwap,
  priorityLamports,
  type SwapOrder,
  type TransactionDraft,
  type WorldTransaction,
} from "./transaction.ts";

/** Runs transactions one after the other and keeps those of the current slot. */
export class Ledger {
  readonly #names: Names;
  readonly #gap: () => number;
  readonly #formOf: (isOwn: boolean) => Form;
  #slot = 0;
  #txIndex = 0;
  #transactions: WorldTransaction[] = [];

  /**
   * @param gap Draws the number of transactions without a swap before the next one with a swap.
   * @param formOf Draws what a transaction looks like on the chain.
   */
  constructor(names: Names, gap: () => number, formOf: (isOwn: boolean) => Form) {
    this.#names = names;
    this.#gap = gap;
    this.#formOf = formOf;
  }

  begin(slot: number): void {
    this.#slot = slot;
    this.#txIndex = 0;
    this.#transactions = [];
  }

  get transactions(): readonly WorldTransaction[] {
    return this.#transactions;
  }

  /**
   * @param adjacent Whether it directly follows the previous transaction, as in a bundle.
   * @param isOwn Whether it is the desk's.
   */
  run(draft: TransactionDraft, adjacent = false, isOwn = false): WorldTransaction {
    this.#txIndex += adjacent ? 0 : this.#gap();
    const swaps = draft.reverts === true || isTooLittle(draft) ? undefined : execute(draft);
    const transaction: WorldTransaction = {
      slot: this.#slot,
      txIndex: this.#txIndex++,
      signature: draft.signature ?? this.#names.signature(),
      draft,
      form: this.#formOf(isOwn),
      failed: swaps === undefined,
      swaps: swaps ?? [],
      priorityLamports: BigInt(priorityLamports(draft.offer)),
    };
    this.#transactions.push(transaction);
    return transaction;
  }
}

function isTooLittle({ orders, minOut }: TransactionDraft): boolean {
  const [order] = orders;
  if (minOut === undefined || order === undefined) return false;
  return order.pool.curve.quote(order.buy, order.amount) < minOut;
}

function execute(draft: TransactionDraft): ExecutedSwap[] | undefined {
  const done: ExecutedSwap[] = [];
  for (const order of draft.orders) {
    const swap = executeOrder(order, draft);
    // Only the first order can have a fixed output. If that is impossible, nothing has happened yet.
    if (swap === undefined) return undefined;
    done.push(swap);
  }
  return done;
}

function executeOrder(order: SwapOrder, draft: TransactionDraft): ExecutedSwap | undefined {
  const { pool, buy, amount, exactOut = false } = order;
  const before = pool.curve.vaults;
  const filled = exactOut ? pool.curve.swapOut(buy, amount) : pool.curve.swap(buy, amount);
  if (filled === undefined) return undefined;
  const { shadow } = pool;
  if (shadow === undefined || draft.legOf === shadow.attack)
    return { pool, buy, exactOut, ...filled, before };
  // The pool without the attacker's legs. Everybody else swaps the same input in it.
  const outWithout = shadow.curve.swap(buy, filled.amountIn).amountOut;
  return { pool, buy, exactOut, ...filled, before, amid: { shadow, outWithout } };
}
