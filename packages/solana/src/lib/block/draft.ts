import type { RawInstruction, RawMeta, RawTokenBalance, RawTransaction } from "./schema.ts";

/** Stands for a number that is not known, and for a list that is not there. */
export const ABSENT = -1;

/** Instructions one after the other, by their numbers: no object is made of what nobody asks for. */
export class InstructionDrafts {
  count: number = 0;
  readonly programs: number[] = [];
  /** Indices of accounts, of all instructions. */
  readonly accounts: number[] = [];
  /** Where an instruction's accounts end, and those of the next begin. */
  readonly accountEnds: number[] = [];
  readonly data: string[] = [];
  /** `ABSENT` if the node does not say. */
  readonly heights: number[] = [];

  /** Accounts of all instructions. */
  get accountCount(): number {
    return this.count === 0 ? 0 : (this.accountEnds[this.count - 1] ?? 0);
  }

  /** The accounts are in the list already. */
  add(program: number, accountEnd: number, data: string, height: number): void {
    const at = this.count++;
    this.programs[at] = program;
    this.accountEnds[at] = accountEnd;
    this.data[at] = data;
    this.heights[at] = height;
  }

  addRaw({ programIdIndex, accounts, data, stackHeight }: RawInstruction): void {
    let end = this.accountCount;
    for (const index of accounts) this.accounts[end++] = index;
    this.add(programIdIndex, end, data, stackHeight ?? ABSENT);
  }
}

/** Digits of an amount that a double holds exactly. */
export const lowDigits = 15;

/** Token balances before or after a transaction. */
export class BalanceDrafts {
  /** `ABSENT` if the node left them out. */
  count: number = ABSENT;
  readonly accounts: number[] = [];
  readonly mints: string[] = [];
  readonly owners: (string | undefined)[] = [];
  /** The last 15 digits of the amount, and those before. */
  readonly low: number[] = [];
  readonly high: number[] = [];

  add(account: number, mint: string, owner: string | undefined, low: number, high: number): void {
    const at = this.count++;
    this.accounts[at] = account;
    this.mints[at] = mint;
    this.owners[at] = owner;
    this.low[at] = low;
    this.high[at] = high;
  }

  /** The same as there. */
  addFrom(other: BalanceDrafts, at: number): void {
    this.add(
      other.accounts[at] ?? ABSENT,
      other.mints[at] ?? "",
      other.owners[at],
      other.low[at] ?? 0,
      other.high[at] ?? 0,
    );
  }

  addRaw({ accountIndex, mint, owner, uiTokenAmount: { amount } }: RawTokenBalance): void {
    const low = Number(amount.slice(-lowDigits));
    this.add(accountIndex, mint, owner ?? undefined, low, Number(amount.slice(0, -lowDigits)));
  }

  isSameAmount(at: number, other: BalanceDrafts): boolean {
    return this.low[at] === other.low[at] && this.high[at] === other.high[at];
  }

  /** Atoms. */
  amount(at: number): bigint {
    const low = BigInt(this.low[at] ?? 0);
    const high = this.high[at] ?? 0;
    return high === 0 ? low : BigInt(high) * highUnit + low;
  }
}

const highUnit = 10n ** BigInt(lowDigits);

/** Lamports of a transaction's accounts before or after it. */
export class LamportDrafts {
  /** `ABSENT` if the node left them out. */
  count: number = ABSENT;
  readonly values: number[] = [];
}

/**
 * A transaction as a node wrote it, before its accounts are resolved. One object is used for all of them, one after the other, so that reading
 * a block allocates little but its result.
 */
export class TransactionDraft {
  /** Only numbers say anything. */
  version: number | undefined;
  signature = "";
  signatures = 0;
  accountKeys: readonly string[] = none;
  /** Number of look-up tables that it names. */
  lookups = 0;
  /** Lamports; `ABSENT` if it names none. */
  priorityFee: number = ABSENT;
  /** false if the node did not record it. */
  hasMeta = false;
  failed = false;
  /** Lamports. */
  fee = 0;
  writable: readonly string[] | undefined;
  readonly: readonly string[] | undefined;
  readonly top: InstructionDrafts = new InstructionDrafts();
  readonly inner: InstructionDrafts = new InstructionDrafts();
  /** Lists of inner instructions; `ABSENT` if the node left them out. */
  groups: number = ABSENT;
  /** The top-level instruction that called a list's, and where the list ends. */
  readonly groupIndexes: number[] = [];
  readonly groupEnds: number[] = [];
  readonly lamportsBefore: LamportDrafts = new LamportDrafts();
  readonly lamportsAfter: LamportDrafts = new LamportDrafts();
  readonly tokensBefore: BalanceDrafts = new BalanceDrafts();
  readonly tokensAfter: BalanceDrafts = new BalanceDrafts();

  clear(): void {
    this.version = undefined;
    this.lookups = 0;
    this.priorityFee = ABSENT;
    this.top.count = 0;
    this.clearMeta();
  }

  clearMeta(): void {
    this.hasMeta = false;
    this.failed = false;
    this.writable = undefined;
    this.readonly = undefined;
    this.inner.count = 0;
    this.groups = ABSENT;
    this.lamportsBefore.count = ABSENT;
    this.lamportsAfter.count = ABSENT;
    this.tokensBefore.count = ABSENT;
    this.tokensAfter.count = ABSENT;
  }

  /** The instructions that were added to `inner` since the last call are those that a top-level one called. */
  endGroup(index: number): void {
    const at = this.groups++;
    this.groupIndexes[at] = index;
    this.groupEnds[at] = this.inner.count;
  }

  /** Takes what the schema made of a transaction. */
  take({ version, transaction, meta }: RawTransaction): void {
    this.clear();
    const { signatures, message } = transaction;
    this.version = typeof version === "number" ? version : undefined;
    this.signature = signatures[0] ?? "";
    this.signatures = signatures.length;
    this.accountKeys = message.accountKeys;
    this.lookups = message.addressTableLookups?.length ?? 0;
    this.priorityFee = message.transactionConfig?.priorityFee ?? ABSENT;
    for (const instruction of message.instructions) this.top.addRaw(instruction);
    if (meta !== null) this.#takeMeta(meta);
  }

  #takeMeta(meta: RawMeta): void {
    this.hasMeta = true;
    this.failed = meta.err !== null && meta.err !== undefined;
    this.fee = meta.fee;
    this.writable = meta.loadedAddresses?.writable;
    this.readonly = meta.loadedAddresses?.readonly;
    if (meta.innerInstructions) this.groups = 0;
    for (const { index, instructions } of meta.innerInstructions ?? []) {
      for (const instruction of instructions) this.inner.addRaw(instruction);
      this.endGroup(index);
    }
    takeLamports(this.lamportsBefore, meta.preBalances);
    takeLamports(this.lamportsAfter, meta.postBalances);
    takeBalances(this.tokensBefore, meta.preTokenBalances);
    takeBalances(this.tokensAfter, meta.postTokenBalances);
  }
}

const none: readonly string[] = [];

function takeLamports(draft: LamportDrafts, values: RawMeta["preBalances"]): void {
  if (!values) return;
  draft.count = 0;
  for (const value of values) draft.values[draft.count++] = value;
}

function takeBalances(draft: BalanceDrafts, balances: RawMeta["preTokenBalances"]): void {
  if (!balances) return;
  draft.count = 0;
  for (const balance of balances) draft.addRaw(balance);
}
