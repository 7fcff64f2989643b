export { decodeBase58, encodeBase58 } from "./lib/base58.ts";
export { BlockError, placeOf } from "./lib/block/block-error.ts";
export type { Block, BlockHead, BlockTransaction, Instruction, TokenBalance } from "./lib/block/model.ts";
export { NEWEST_TRANSACTION_VERSION, UNSUPPORTED_TRANSACTION_VERSION } from "./lib/block/version.ts";
export { priorityFee } from "./lib/compute-budget.ts";
export { LAMPORTS_PER_SIGNATURE, type TransactionFee, transactionFee } from "./lib/fee.ts";
export { type InstructionData, instructionData, longestEvent } from "./lib/programs/data.ts";
export { isTokenProgram, programId, wrappedSol } from "./lib/programs/ids.ts";
export { isInfrastructure, programName } from "./lib/programs/known.ts";
export { publicPrograms, publicRouters } from "./lib/programs/public-programs.ts";
export {
  lamportsTransferred,
  systemTransfer,
  systemTransferCharacters,
} from "./lib/programs/system-transfer.ts";
export { type Tip, tipsIn } from "./lib/programs/tips.ts";
export { mayOpenAccount, type TokenAccountChange, tokenAccountChange } from "./lib/programs/token-account.ts";
export { type TokenTransfer, tokenTransfer } from "./lib/programs/token-transfer.ts";
export { type Direction, direction, dollars, tokenName } from "./lib/tokens.ts";
export { u32, u64 } from "./lib/transaction/bytes.ts";
export {
  decodeTransaction,
  encodeMessage,
  encodeTransaction,
  type Message,
  type MessageInstruction,
  type Transaction,
} from "./lib/transaction/transaction.ts";
export type { WireInstruction, WireTransaction } from "./lib/transaction/wire/model.ts";
export { type WireFees, wireFees } from "./lib/transaction/wire/wire-fees.ts";
export { readWireText } from "./lib/transaction/wire/wire-text.ts";
