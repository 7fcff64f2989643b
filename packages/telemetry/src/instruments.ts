// `@slipstream/telemetry/instruments`: what measures. It does not load the OpenTelemetry SDK.
export { exposeInstruments } from "./lib/instruments/expose.ts";
export { InstrumentSet } from "./lib/instruments/instrument-set.ts";
export type { Instruments } from "./lib/instruments/instruments.ts";
export { ProcessMetrics } from "./lib/instruments/process-metrics.ts";
export { type ServiceState, type StoreType, serviceState } from "./lib/instruments/service-state.ts";
export { LatencyTracker, type LatencyTrackerOptions } from "./lib/latency/latency-tracker.ts";
export { mergeTradeDetails } from "./lib/trades/trade-attributes.ts";
export type { TradeDetails } from "./lib/trades/trade-details.ts";
export { TradeRecorder, type TradeRecorderOptions } from "./lib/trades/trade-recorder.ts";
