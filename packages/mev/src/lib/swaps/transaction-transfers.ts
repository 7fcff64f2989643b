import {
  type BlockTransaction,
  type Instruction,
  isTokenProgram,
  programId,
  type TokenTransfer,
  tokenTransfer,
} from "@slipstream/solana";

/** A transaction's token transfers, by the position of the instruction that made them. */
export class TransactionTransfers {
  readonly #transaction: BlockTransaction;
  #read: readonly (TokenTransfer | undefined)[] | undefined;
  readonly #swaps: ReadonlySet<number>;
  #sums: Map<string, AccountSums> | undefined;
  #named: ReadonlySet<string> | undefined;

  /** @param swaps Positions of the transaction's swaps. */
  constructor(transaction: BlockTransaction, swaps: ReadonlySet<number>) {
    this.#transaction = transaction;
    this.#swaps = swaps;
  }

  /** Read when first asked for: a failed transaction's never are. */
  get #transfers(): readonly (TokenTransfer | undefined)[] {
    this.#read ??= this.#transaction.instructions.map(tokenTransfer);
    return this.#read;
  }

  /** The transfer that the instruction at `position` is. */
  at(position: number): TokenTransfer | undefined {
    return this.#transfers[position];
  }

  /**
   * The transfers that the instruction at `position` made, directly or through calls.
   * @param without Positions of instructions whose transfers are left out.
   */
  calledBy(position: number, without: ReadonlySet<number> = none): TokenTransfer[] {
    const end = this.#endBelow(position);
    const called: TokenTransfer[] = [];
    for (let at = position + 1; at < end; at++) {
      if (without.has(at)) {
        at = this.#endBelow(at) - 1;
        continue;
      }
      const transfer = this.#transfers[at];
      if (transfer !== undefined) called.push(transfer);
    }
    return called;
  }

  /**
   * The transfers among what the instruction at `position` called itself. If the node does not report the depth: everything
   * that it called, up to the next swap.
   */
  directlyCalledBy(position: number): TokenTransfer[] {
    const depth = this.#transaction.instructions[position]?.depth;
    return this.positionsBelow(position).flatMap((at) => {
      const called = this.#transaction.instructions[at]?.depth;
      if (depth !== undefined && called !== undefined && called !== depth + 1) return [];
      return this.#transfers[at] ?? [];
    });
  }

  /** The instructions that the one at `position` called, directly or indirectly, in execution order. */
  instructionsBelow(position: number): readonly Instruction[] {
    return this.#transaction.instructions.slice(position + 1, this.#endBelow(position));
  }

  /** Positions of the instructions that the one at `position` called, directly or not, in the order they ran. */
  positionsBelow(position: number): number[] {
    const below: number[] = [];
    for (let end = this.#endBelow(position), at = position + 1; at < end; at++) below.push(at);
    return below;
  }

  /** The position after the last instruction that the one at `position` called. */
  #endBelow(position: number): number {
    const { instructions } = this.#transaction;
    const caller = instructions[position];
    let next = position + 1;
    for (; caller !== undefined && next < instructions.length; next++) {
      const instruction = instructions[next];
      if (instruction === undefined || !this.#isBelow(instruction, next, caller)) break;
    }
    return next;
  }

  /** An account that lived only in this transaction is not listed; the other end of the transfer tells its mint. */
  mintOf({ from, to }: TokenTransfer): string | undefined {
    const { tokenBalances } = this.#transaction;
    return tokenBalances.get(from)?.mint ?? tokenBalances.get(to)?.mint;
  }

  /** Number of the transaction's transfers into or out of an account. */
  countOf(account: string): number {
    return this.#transfers.reduce(
      (count, transfer) => count + (transfer?.to === account || transfer?.from === account ? 1 : 0),
      0,
    );
  }

  /**
   * Whether the account's transfers add up to the change of its balance. If not, something else changed it: a
   * mint, a burn, or a transfer fee withheld by the mint.
   */
  addUp(account: string): boolean {
    return this.balanceBefore(0, account) !== undefined;
  }

  /**
   * Balance of a token account just before the instruction at `position`; undefined if its transfers do not
   * add up.
   */
  balanceBefore(position: number, account: string): bigint | undefined {
    const balance = this.#transaction.tokenBalances.get(account);
    if (balance === undefined) return undefined;
    let running = balance.before;
    let wanted: bigint | undefined;
    const transfers = this.#transfers;
    for (let index = 0; index < transfers.length; index++) {
      if (index === position) wanted = running;
      const transfer = transfers[index];
      if (transfer === undefined) continue;
      if (transfer.to === account) running += transfer.received;
      if (transfer.from === account) running -= transfer.amount;
    }
    return running === balance.after ? wanted : undefined;
  }

  /**
   * Atoms that the account at the transfer's other end gained by it. If the mint withheld a fee that the instruction does not
   * contain, this follows from the account's balance, provided that nothing else came in.
   */
  receivedBy({ to, received }: TokenTransfer): bigint {
    const balance = this.#transaction.tokenBalances.get(to);
    const moved = this.#moved(to);
    if (balance === undefined || moved === undefined) return received;
    const gained = balance.after - balance.before;
    if (moved.received - moved.sent === gained || moved.came !== 1) return received;
    const arrived = gained + moved.sent;
    return arrived > 0n && arrived < received ? arrived : received;
  }

  /**
   * What is missing if the instructions are not all of the transaction's: one whose caller is missing, an account whose tokens
   * changed though no instruction of a token program says so, or a transfer between accounts that are not listed.
   * @param isRead Whether what happened to the account is known otherwise.
   */
  gap(isRead: (account: string) => boolean): string | undefined {
    const { instructions, tokenBalances } = this.#transaction;
    let above = 0;
    for (const instruction of instructions) {
      const { depth } = instruction;
      if (depth !== undefined && depth > above + 1) return `what called instruction ${instruction.label}`;
      above = depth ?? Number.POSITIVE_INFINITY;
    }
    for (const [account, { before, after }] of tokenBalances) {
      const moved = this.#moved(account);
      if (after - before === (moved?.received ?? 0n) - (moved?.sent ?? 0n)) continue;
      if (isRead(account) || this.#otherwise.has(account)) continue;
      return `what changed the balance of ${account}`;
    }
    for (const transfer of this.#transfers) {
      if (transfer === undefined || transfer.amount === 0n) continue;
      const { from, to } = transfer;
      if (tokenBalances.has(from) || tokenBalances.has(to)) continue;
      if (!this.#otherwise.has(from) && !this.#otherwise.has(to)) return `the balances of ${from} and ${to}`;
    }
    return undefined;
  }

  /**
   * Accounts that a token program's other instructions name: they mint, burn, wrap, open or close. Also where Token-2022 sent
   * tokens, since a mint may withhold a fee.
   */
  get #otherwise(): ReadonlySet<string> {
    this.#named ??= new Set(
      this.#transaction.instructions.flatMap(({ program, accounts }, position) => {
        const transfer = this.#transfers[position];
        if (transfer !== undefined) return program === programId.token2022 ? [transfer.to] : [];
        return isTokenProgram(program) ? accounts : [];
      }),
    );
    return this.#named;
  }

  /** The sums of an account's transfers. Computed once for all accounts, so that many transfers cost linear time. */
  #moved(account: string): AccountSums | undefined {
    if (this.#sums === undefined) {
      this.#sums = new Map();
      for (const transfer of this.#transfers) {
        if (transfer === undefined) continue;
        const to = sumsIn(this.#sums, transfer.to);
        to.came++;
        to.received += transfer.received;
        sumsIn(this.#sums, transfer.from).sent += transfer.amount;
      }
    }
    return this.#sums.get(account);
  }

  /**
   * Whether `inner`, which ran after `caller` and after nothing else that `caller` did not call, was called by it. If the node
   * does not report the depth, all inner instructions of the same top-level instruction count, up to the next swap.
   */
  #isBelow(inner: Instruction, position: number, caller: Instruction): boolean {
    if (!inner.isInner) return false;
    if (inner.depth === undefined || caller.depth === undefined) return !this.#swaps.has(position);
    return inner.depth > caller.depth;
  }
}

const none: ReadonlySet<number> = new Set();

interface AccountSums {
  /** Number of transfers into the account. */
  came: number;
  received: bigint;
  sent: bigint;
}

function sumsIn(sums: Map<string, AccountSums>, account: string): AccountSums {
  const known = sums.get(account);
  if (known !== undefined) return known;
  const fresh = { came: 0, received: 0n, sent: 0n };
  sums.set(account, fresh);
  return fresh;
}
