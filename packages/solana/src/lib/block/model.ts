/** A block as `getBlock` gives it (`encoding: json`), reduced to what swaps are read from. */
export interface Block {
  /** Unix seconds; null where the node does not know it. */
  readonly blockTime: number | null;
  /** Slot of the block before; the slots between were skipped. null where the node does not say. */
  readonly parentSlot: number | null;
  /** Who made the block: whom its fees were paid to. null where the node was not asked for rewards. */
  readonly leader: string | null;
  readonly transactions: readonly BlockTransaction[];
}

export interface BlockTransaction {
  /** Path of the transaction in the answer, for messages. */
  readonly place: string;
  /** The first signature: the transaction's name. */
  readonly signature: string;
  readonly signatures: number;
  /** The fee payer. */
  readonly signer: string;
  readonly failed: boolean;
  /** Lamports, base and priority fee together. */
  readonly feeLamports: bigint;
  /** Top-level and inner instructions in the order they ran. */
  readonly instructions: readonly Instruction[];
  /** Of accounts whose lamports changed, by account; none where the node did not tell them. */
  readonly lamports: ReadonlyMap<string, LamportBalance>;
  /** By token account. */
  readonly tokenBalances: ReadonlyMap<string, TokenBalance>;
}

/** An instruction with its accounts resolved, those loaded from look-up tables included. */
export interface Instruction {
  /** Path in the answer, for messages. */
  readonly place: string;
  /** "3" for the fourth top-level instruction, "3.1" for the second inner one that it ran. */
  readonly label: string;
  readonly program: string;
  /** Program of the top-level instruction that led here; itself where it is one. */
  readonly topProgram: string;
  readonly accounts: readonly string[];
  /** Base58. */
  readonly data: string;
  /** 1 for a top-level instruction, 2 for one that it called, ...; undefined where the node did not say. */
  readonly depth: number | undefined;
}

/** Lamports of an account before and after a transaction, fee included. */
export interface LamportBalance {
  readonly before: bigint;
  readonly after: bigint;
}

/** Balance of a token account before and after a transaction, atoms. An account that did not exist held 0. */
export interface TokenBalance {
  readonly mint: string;
  /** Who owns the account; undefined where the node does not say. */
  readonly owner: string | undefined;
  readonly before: bigint;
  readonly after: bigint;
}
