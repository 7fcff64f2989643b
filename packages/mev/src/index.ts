export { BlockError } from "./lib/block/block-error.ts";
export type { Block, BlockTransaction, TokenBalance } from "./lib/block/model.ts";
export { parseBlock, parseBlockText } from "./lib/block/parse-block.ts";
export type { InputCase } from "./lib/cases/input-case.ts";
export { InputError } from "./lib/cases/input-error.ts";
export { readInput } from "./lib/cases/read-input.ts";
export { type Loss, type ReplayedLoss, replayLoss } from "./lib/replay/loss.ts";
export { detectSandwiches } from "./lib/sandwich/detect.ts";
export type {
  Detection,
  Evidence,
  EvidenceKind,
  Profit,
  Sandwich,
  SandwichLabel,
} from "./lib/sandwich/model.ts";
export { type Attempt, type DetectOptions, defaultDetectOptions } from "./lib/sandwich/options.ts";
export { type DecodedBlock, type DecodeOptions, decodeBlock } from "./lib/swaps/decode-block.ts";
export { LAMPORTS_PER_SIGNATURE, type TransactionFee, transactionFee } from "./lib/swaps/fee.ts";
export type { DecodedProgram, UndecodedProgram } from "./lib/swaps/program-counts.ts";
export type { AttemptedSwap, Swap, SwapPlace, SwapReserves, UndecodedSwap } from "./lib/swaps/swap.ts";
export { type SwapEventJson, swapEventJson } from "./lib/swaps/swap-json.ts";
export type {
  Confidence,
  OwnTrade,
  Verdict,
  VerdictEvidence,
  VerdictEvidenceKind,
  VerdictKind,
  VerdictLoss,
} from "./lib/verdict/model.ts";
export {
  type OtherTransaction,
  type OwnInterest,
  type SlotSwaps,
  slotSwaps,
  wholeSlot,
} from "./lib/verdict/slot-swaps.ts";
export { defaultTrackerOptions, type TrackerOptions } from "./lib/verdict/tracker-options.ts";
export { type TrackerState, trackerStateVersion } from "./lib/verdict/tracker-state.ts";
export { VerdictTracker } from "./lib/verdict/verdict-tracker.ts";
