import "@slipstream/conventions/needs-node-24";

export type { AlertsOf } from "./lib/alerts/alerts.ts";
export { sampleTransition } from "./lib/alerts/sample-transition.ts";
export type { Canary } from "./lib/canaries.ts";
export type { ChainWants } from "./lib/desks/chain-wants.ts";
export { isDeskName, OWN_DESK } from "./lib/desks/desk-name.ts";
export type { DeskRules } from "./lib/desks/desk-rules.ts";
export { Desks } from "./lib/desks/desks.ts";
export type { LeftOutCounts } from "./lib/desks/left-out.ts";
export { type Effects, noEffects } from "./lib/effects.ts";
export { Engine, type EngineDuties } from "./lib/engine.ts";
export {
  type HistoryRow,
  type HistoryValue,
  historyRow,
  recordOf,
  rowOfDesk,
  timestampUs,
} from "./lib/history/rows.ts";
export { type ChainBatch, emptyChain, type Placed } from "./lib/mev/chain.ts";
export { type MevTrade, ownTradeOf } from "./lib/mev/own-trade.ts";
export type { OwnVerdicts, VerdictEvent } from "./lib/mev/own-verdicts.ts";
export type {
  AlertBatch,
  CurrentStatistics,
  DashboardInstant,
  EngineBatch,
  EngineRecord,
  LabelledStatisticValue,
  Publication,
  RefusedValue,
  SelfBatch,
  ServiceCounts,
  ServiceTrouble,
  StatisticValue,
} from "./lib/model.ts";
export type { Notice } from "./lib/notice.ts";
export { completeOptions, type EngineConfig, type EngineOptions, sameOptions } from "./lib/options.ts";
export { decodeOptions, encodeOptions } from "./lib/options-body.ts";
export { BY_RECEIPT } from "./lib/own-health.ts";
export type { Since } from "./lib/parts/part.ts";
export type { SeenKeys } from "./lib/seen-keys.ts";
export { type EngineState, SEEN as SEEN_PART } from "./lib/state.ts";
export { landingService } from "./lib/statistics/by-label/labels.ts";
export { gauge } from "./lib/statistics/ratio-families.ts";
