import type { BlockTransaction, Instruction } from "../block/model.ts";
import { type TokenTransfer, tokenTransfer } from "../programs/token-transfer.ts";

/** A transaction's token transfers, by the position of the instruction that made them. */
export class TransactionTransfers {
  readonly #transaction: BlockTransaction;
  readonly #transfers: readonly (TokenTransfer | undefined)[];

  constructor(transaction: BlockTransaction) {
    this.#transaction = transaction;
    this.#transfers = transaction.instructions.map(tokenTransfer);
  }

  /** The transfers that the instruction at `position` called, directly or not. */
  calledBy(position: number): TokenTransfer[] {
    const { instructions } = this.#transaction;
    const caller = instructions[position];
    const called: TokenTransfer[] = [];
    for (let next = position + 1; caller !== undefined && next < instructions.length; next++) {
      const instruction = instructions[next];
      if (instruction === undefined || !isBelow(instruction, caller)) break;
      const transfer = this.#transfers[next];
      if (transfer !== undefined) called.push(transfer);
    }
    return called;
  }

  /**
   * Balance of a token account just before the instruction at `position`. Undefined where the account's transfers do
   * not add up to the change of its balance, so that something else moved it (a mint, a burn, a transfer fee).
   */
  balanceBefore(position: number, account: string): bigint | undefined {
    const balance = this.#transaction.tokenBalances.get(account);
    if (balance === undefined) return undefined;
    let running = balance.before;
    let wanted: bigint | undefined;
    for (const [index, transfer] of this.#transfers.entries()) {
      if (index === position) wanted = running;
      if (transfer?.to === account) running += transfer.amount;
      if (transfer?.from === account) running -= transfer.amount;
    }
    return running === balance.after ? wanted : undefined;
  }
}

/** Whether `inner`, which ran after `caller`, was called by it. A node that gives no depth leaves only the group to go by. */
function isBelow(inner: Instruction, caller: Instruction): boolean {
  if (!inner.label.includes(".") || inner.label.split(".")[0] !== caller.label.split(".")[0]) return false;
  if (inner.depth === undefined || caller.depth === undefined) return inner.program !== caller.program;
  return inner.depth > caller.depth;
}
