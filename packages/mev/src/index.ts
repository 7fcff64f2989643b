export { BlockError } from "./lib/block/block-error.ts";
export type { Block, BlockTransaction, TokenBalance } from "./lib/block/model.ts";
export { parseBlock, parseBlockText } from "./lib/block/parse-block.ts";
export { type DecodedBlock, decodeBlock, type UndecodedProgram } from "./lib/swaps/decode-block.ts";
export { LAMPORTS_PER_SIGNATURE, type TransactionFee, transactionFee } from "./lib/swaps/fee.ts";
export type { AttemptedSwap, SwapEvent, UndecodedSwap } from "./lib/swaps/swap-event.ts";
export { type SwapEventJson, swapEventJson } from "./lib/swaps/swap-event-json.ts";
