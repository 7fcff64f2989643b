/**
 * What judges trades by swaps that are decoded already. An entry of its own, because decoders, reports and advice are as much code
 * again, and an aggregator's main thread uses none of them.
 */
export type { Explanation } from "./lib/explain/explanation.ts";
export { defaultWindow, type SearchWindow, windowSlots } from "./lib/sandwich/window.ts";
export { bucketOf, dimensions, sizeBounds } from "./lib/statistics/dimensions.ts";
export {
  type NamedOffer,
  type OwnTrade,
  type Verdict,
  type VerdictKind,
  verdictEvidenceKinds,
  verdictKinds,
} from "./lib/verdict/model.ts";
export { protectionByTip } from "./lib/verdict/seen-tips.ts";
export type { OwnInterest } from "./lib/verdict/slot-swaps.ts";
export type { TrackerOptions } from "./lib/verdict/tracker-options.ts";
export type { TrackerState } from "./lib/verdict/tracker-state.ts";
export { VerdictTracker } from "./lib/verdict/verdict-tracker.ts";
