import "@slipstream/conventions/needs-node-24";

export type { FeeAdvice, FeeQuery, ProtectionAdvice } from "./lib/advice/fee-advice.ts";
export { type AdviserOptions, FeeAdviser } from "./lib/advice/fee-adviser.ts";
export type { FeeTrial } from "./lib/advice/fee-trial.ts";
export type { CasePrograms, InputCase } from "./lib/cases/input-case.ts";
export { withoutFacts } from "./lib/explain/explain.ts";
export {
  type ExplainedPool,
  type ExplainedReplay,
  type ExplainedRoundTrip,
  type ExplainedSigner,
  type ExplainedSlot,
  type ExplainedSwap,
  type ExplainedTip,
  type ExplainedTrade,
  type ExplainedVerdict,
  type Explanation,
  type FactSource,
  isSameVerdict,
} from "./lib/explain/explanation.ts";
export { whyOf } from "./lib/explain/why.ts";
export type { Loss, ReplayedLoss } from "./lib/replay/loss.ts";
export { detectSandwiches } from "./lib/sandwich/detect.ts";
export type {
  Detection,
  Evidence,
  EvidenceKind,
  OpenLeg,
  Profit,
  Sandwich,
  SandwichLabel,
} from "./lib/sandwich/model.ts";
export type { Attempt, DetectOptions } from "./lib/sandwich/options.ts";
export { defaultWindow, measuredSlotMs, type SearchWindow, windowSlots } from "./lib/sandwich/window.ts";
export { type Dimension, dimensions } from "./lib/statistics/dimensions.ts";
export type { Estimate, Share } from "./lib/statistics/estimate.ts";
export { type FeeReturn, feeReturn } from "./lib/statistics/fee-return.ts";
export type { LossNumbers, LossSummary } from "./lib/statistics/loss-summary.ts";
export { isWholeBy, lossUsd, type MevRecord, type OfferSource } from "./lib/statistics/mev-record.ts";
export { type ProtectionValue, protectionValues } from "./lib/statistics/protection-value.ts";
export { relativeAvoidance } from "./lib/statistics/relative-avoidance.ts";
export { attackCurve, type CurvePoint, lossCurve, type SizeCurve } from "./lib/statistics/size-curves.ts";
export { type MevSummary, mevSummary, mevSummaryBy } from "./lib/statistics/summary.ts";
export {
  type Vulnerability,
  type VulnerabilityOptions,
  vulnerabilities,
} from "./lib/statistics/vulnerability.ts";
export { type DecodedBlock, type DecodeOptions, decodeBlock } from "./lib/swaps/decode-block.ts";
export type { OwnerTransfer } from "./lib/swaps/owner-transfers.ts";
export type { DecodedProgram, UndecodedProgram } from "./lib/swaps/program-counts.ts";
export type { AttemptedSwap, Swap, SwapPlace, SwapReserves, UndecodedSwap } from "./lib/swaps/swap.ts";
export { gotFrom, paidFor } from "./lib/swaps/swap.ts";
export { type SwapEventJson, swapEventJson } from "./lib/swaps/swap-json.ts";
export type { VerdictBasis } from "./lib/verdict/basis.ts";
export {
  type Confidence,
  type NamedOffer,
  type OwnTrade,
  type SeenTips,
  type Verdict,
  type VerdictEvidence,
  type VerdictEvidenceKind,
  type VerdictKind,
  type VerdictLoss,
  verdictKinds,
} from "./lib/verdict/model.ts";
export {
  type OtherTransaction,
  type OwnInterest,
  type SlotSwaps,
  slotSwaps,
  wholeSlot,
} from "./lib/verdict/slot-swaps.ts";
export type { TrackerOptions } from "./lib/verdict/tracker-options.ts";
export type { TrackerState } from "./lib/verdict/tracker-state.ts";
export { VerdictTracker } from "./lib/verdict/verdict-tracker.ts";
