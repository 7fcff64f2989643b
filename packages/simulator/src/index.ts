import "@slipstream/conventions/needs-node-24";

export type { Conditions, Part, Weather } from "./lib/market/weather.ts";
export type { AttackerKind, AttackerMix, Outcome } from "./lib/mev-world/attackers/kinds.ts";
export { attackerKinds, defaultMix } from "./lib/mev-world/attackers/kinds.ts";
export type { Exposure, Factors } from "./lib/mev-world/attackers/odds.ts";
export { readMix } from "./lib/mev-world/attackers/read-mix.ts";
export type { BlockAnswer } from "./lib/mev-world/blocks/answer.ts";
export type { Leader } from "./lib/mev-world/chain/slots.ts";
export { SLOTS_PER_DAY } from "./lib/mev-world/chain/slots.ts";
export type { TradeSpan } from "./lib/mev-world/desk/span.ts";
export type { FeeQuestion } from "./lib/mev-world/engine/fee-question.ts";
export type { SlotRecord } from "./lib/mev-world/engine/slot-record.ts";
export { type ExpectedValue, expectedValue, type FeeContext } from "./lib/mev-world/fees/expected-value.ts";
export type { BestBid } from "./lib/mev-world/fees/oracle.ts";
export type { Urgency } from "./lib/mev-world/fees/urgency.ts";
export type {
  MevWorldOptions,
  MevWorldSettings,
} from "./lib/mev-world/options.ts";
export { type Recording, type RecordingOptions, recordMevWorld } from "./lib/mev-world/recording.ts";
export type { Lookalike } from "./lib/mev-world/truth/lookalikes.ts";
export type {
  AttackEvidence,
  AttackMention,
  AttackTruth,
  MevTradeTruth,
  TrueVerdict,
  ValueTruth,
} from "./lib/mev-world/truth/model.ts";
export { type AttackerInfo, type MevWorld, openMevWorld, type PoolInfo } from "./lib/mev-world/world.ts";
export type { SimulationOptions } from "./lib/options.ts";
export { type ForkOptions, forkSimulation, type SimulatorProcess } from "./lib/process/fork.ts";
export { type Simulation, type Summary, startSimulation } from "./lib/simulation.ts";
export type {
  CallTotals,
  CallTruth,
  FailureReason,
  MevTotals,
  Outcomes,
  Totals,
  TradeTruth,
  VerdictTruth,
} from "./lib/truth/model.ts";
