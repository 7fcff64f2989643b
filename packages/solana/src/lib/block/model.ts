/** What a block says beside its transactions. */
export interface BlockHead {
  /** Unix seconds; null if the node does not know the time. */
  readonly blockTime: number | null;
  /** Slot of the previous block; the slots between were skipped. null if the node does not report it. */
  readonly parentSlot: number | null;
  /** The block's producer, to whom its fees were paid. null if the request did not ask for rewards. */
  readonly leader: string | null;
}

/** A block as returned by `getBlock` (`encoding: json`), reduced to what is needed to read swaps. */
export interface Block extends BlockHead {
  readonly transactions: readonly BlockTransaction[];
}

export interface BlockTransaction {
  /** Path of the transaction in the answer, for messages. */
  readonly place: string;
  /** The first signature, which identifies the transaction. */
  readonly signature: string;
  readonly signatures: number;
  /** The fee payer. */
  readonly signer: string;
  readonly failed: boolean;
  /** Lamports, base fee plus priority fee; undefined if the node did not record it. */
  readonly feeLamports: bigint | undefined;
  /** Priority fee that a transaction of version 1 names itself, lamports; undefined for other versions. */
  readonly priorityFeeLamports: bigint | undefined;
  /** Every account that it names; undefined if the node did not say which were loaded from look-up tables. */
  readonly accounts: readonly string[] | undefined;
  /** What the node did not record, so that swaps in it cannot be read: continues "the node did not record". */
  readonly unrecorded: string | undefined;
  /** Top-level and inner instructions in execution order. */
  readonly instructions: readonly Instruction[];
  /** Accounts whose lamports changed. Empty if it failed, or if the node did not report balances. */
  readonly lamports: ReadonlyMap<string, LamportBalance>;
  /** By token account. Empty if it failed. */
  readonly tokenBalances: ReadonlyMap<string, TokenBalance>;
}

/** An instruction with its accounts resolved, including those from address lookup tables. */
export interface Instruction {
  /** Path in the answer, for messages. */
  readonly place: string;
  /** "3" for the fourth top-level instruction, "3.1" for the second inner instruction that it ran. */
  readonly label: string;
  readonly program: string;
  /** Program of the top-level instruction that led to this one, or of this instruction if it is top-level. */
  readonly topProgram: string;
  readonly accounts: readonly string[];
  /** Base58. */
  readonly data: string;
  /**
   * 1 for a top-level instruction, 2 for one that it called, and so on; undefined if the node did not report
   * it.
   */
  readonly depth: number | undefined;
  /** Whether another instruction called it. */
  readonly isInner: boolean;
}

/** Lamports of an account before and after a transaction, fee included. */
export interface LamportBalance {
  readonly before: bigint;
  readonly after: bigint;
}

/**
 * Balance of a token account before and after a transaction, in atoms. An account that did not exist held 0.
 */
export interface TokenBalance {
  readonly mint: string;
  /** Owner of the account; undefined if the node does not report it. */
  readonly owner: string | undefined;
  readonly before: bigint;
  readonly after: bigint;
}
