/** A `getBlock` answer: `encoding: "json"`, full transactions. */
export interface BlockAnswer {
  readonly blockhash: string;
  readonly previousBlockhash: string;
  readonly parentSlot: number;
  readonly blockHeight: number;
  /** Unix seconds. */
  readonly blockTime: number;
  /** Rewards of the block: the leader's share of the fees. */
  readonly rewards: readonly RewardAnswer[];
  readonly transactions: readonly TransactionAnswer[];
}

export interface RewardAnswer {
  readonly pubkey: string;
  readonly lamports: number;
  readonly postBalance: number;
  readonly rewardType: "Fee";
  readonly commission: null;
}

export interface TransactionAnswer {
  readonly version: "legacy" | 0 | 1;
  readonly transaction: {
    readonly signatures: readonly string[];
    readonly message: {
      readonly header: {
        readonly numRequiredSignatures: number;
        readonly numReadonlySignedAccounts: number;
        readonly numReadonlyUnsignedAccounts: number;
      };
      readonly accountKeys: readonly string[];
      readonly recentBlockhash: string;
      readonly instructions: readonly InstructionAnswer[];
      readonly addressTableLookups?: readonly LookupAnswer[];
      /** Of version 1 (SIMD-0385). */
      readonly transactionConfig?: {
        readonly computeUnitLimit: number;
        readonly heapSize: null;
        readonly loadedAccountsDataSizeLimit: number;
        /** Lamports. */
        readonly priorityFee: number;
      };
    };
  };
  readonly meta: {
    readonly err: null | { readonly InstructionError: readonly [number, { readonly Custom: number }] };
    readonly status: object;
    readonly fee: number;
    readonly preBalances: readonly number[];
    readonly postBalances: readonly number[];
    readonly innerInstructions: readonly {
      readonly index: number;
      readonly instructions: readonly InstructionAnswer[];
    }[];
    readonly logMessages: readonly string[];
    readonly preTokenBalances: readonly TokenBalanceAnswer[];
    readonly postTokenBalances: readonly TokenBalanceAnswer[];
    readonly rewards: readonly never[];
    readonly loadedAddresses?: { readonly writable: readonly string[]; readonly readonly: readonly string[] };
    readonly computeUnitsConsumed: number;
  };
}

export interface InstructionAnswer {
  readonly programIdIndex: number;
  readonly accounts: readonly number[];
  /** Base58. */
  readonly data: string;
  /** 1 for a top-level instruction. */
  readonly stackHeight: number;
}

export interface LookupAnswer {
  readonly accountKey: string;
  readonly writableIndexes: readonly number[];
  readonly readonlyIndexes: readonly number[];
}

export interface TokenBalanceAnswer {
  readonly accountIndex: number;
  readonly mint: string;
  readonly owner: string;
  readonly programId: string;
  readonly uiTokenAmount: {
    readonly amount: string;
    readonly decimals: number;
    readonly uiAmount: number;
    readonly uiAmountString: string;
  };
}
