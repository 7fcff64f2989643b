/** A transaction as it is sent. */
export interface WireTransaction {
  readonly version: "legacy" | 0 | 1;
  /** The first signature, base58, which identifies the transaction; undefined while the fee payer has not signed. */
  readonly signature: string | undefined;
  /** Accounts that must sign. */
  readonly signers: number;
  /** The fee payer. */
  readonly payer: string;
  /** The recent blockhash, or the value of a durable nonce. */
  readonly blockhash: string;
  /** Top-level ones, in order. */
  readonly instructions: readonly WireInstruction[];
  /** The account of an index; undefined if it comes from a look-up table, or is not there. */
  readonly account: (index: number) => string | undefined;
  /** What is signed: a part of the bytes, not a copy. */
  readonly message: Uint8Array;
  /** Of version 1, which ignores instructions of the compute budget program; undefined for other versions. */
  readonly config: WireConfig | undefined;
}

export interface WireInstruction {
  readonly program: string;
  /** Indexes of its accounts. */
  readonly accounts: Uint8Array;
  readonly data: Uint8Array;
}

export interface WireConfig {
  /** All of it, not per compute unit. */
  readonly priorityFeeLamports: bigint | undefined;
  readonly computeUnitLimit: number | undefined;
}
