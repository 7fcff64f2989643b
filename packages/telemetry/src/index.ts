export type { ExportHealth } from "./lib/export/health.ts";
export { exposeInstruments } from "./lib/instruments/expose.ts";
export type { LeastMeter, MeterSource } from "./lib/instruments/expose-on-meter.ts";
export type { MetricRegistry } from "./lib/instruments/expose-on-registry.ts";
export { CounterHandle, GaugeHandle, HistogramHandle } from "./lib/instruments/handles.ts";
export { InstrumentSet } from "./lib/instruments/instrument-set.ts";
export type { Instruments } from "./lib/instruments/instruments.ts";
export { ProcessMetrics, type ProcessReading } from "./lib/instruments/process-metrics.ts";
export type { ServiceState, StoreType } from "./lib/instruments/service-state.ts";
export type { HistogramPoint, MetricSnapshot, NumberPoint } from "./lib/instruments/snapshot.ts";
export {
  LatencyTracker,
  type LatencyTrackerOptions,
  OVERFLOW_OPERATION,
} from "./lib/latency/latency-tracker.ts";
export type { LatencySnapshot } from "./lib/latency/snapshot.ts";
export type { TelemetryOptions } from "./lib/options/options.ts";
export { setUp } from "./lib/set-up.ts";
export type { Telemetry } from "./lib/telemetry.ts";
export type { Atoms, TradeDetails } from "./lib/trades/trade-details.ts";
export { type Trade, TradeRecorder, type TradeRecorderOptions } from "./lib/trades/trade-recorder.ts";
