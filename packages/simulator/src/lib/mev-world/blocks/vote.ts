import { programId } from "@slipstream/solana";
import type { TransactionAnswer } from "./answer.ts";

const FEE = 5000;
const VALIDATOR = 3_000_000_000;
const VOTE_ACCOUNT = 27_074_400;

/** A validator's vote. Most transactions in a block are votes. */
export function voteAnswer(signature: string, validator: string, blockhash: string): TransactionAnswer {
  return {
    version: "legacy",
    transaction: {
      signatures: [signature],
      message: {
        header: { numRequiredSignatures: 1, numReadonlySignedAccounts: 0, numReadonlyUnsignedAccounts: 1 },
        accountKeys: [validator, `${validator.slice(0, 30)}${validator.slice(0, 13)}`, programId.vote],
        recentBlockhash: blockhash,
        instructions: [{ programIdIndex: 2, accounts: [1, 0], data: "8rxyz", stackHeight: 1 }],
      },
    },
    meta: {
      err: null,
      status: { Ok: null },
      fee: FEE,
      preBalances: [VALIDATOR, VOTE_ACCOUNT, 1],
      postBalances: [VALIDATOR - FEE, VOTE_ACCOUNT, 1],
      innerInstructions: [],
      logMessages: [`Program ${programId.vote} invoke [1]`, `Program ${programId.vote} success`],
      preTokenBalances: [],
      postTokenBalances: [],
      rewards: [],
      computeUnitsConsumed: 2100,
    },
  };
}
