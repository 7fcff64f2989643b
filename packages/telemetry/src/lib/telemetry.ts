import type { Tracer } from "@opentelemetry/api";
import type { ExportHealth } from "./export/health.ts";
import type { Instruments } from "./instruments/instruments.ts";
import type { ProcessMetrics } from "./instruments/process-metrics.ts";
import type { ServiceState } from "./instruments/service-state.ts";
import type { LatencyTracker } from "./latency/latency-tracker.ts";
import type { TradeRecorder } from "./trades/trade-recorder.ts";

/** A service's running telemetry. */
export interface Telemetry extends ServiceState {
  /** For the service's own spans. */
  readonly tracer: Tracer;
  /** A bound handle for each service metric. */
  readonly instruments: Instruments;
  readonly latencyTracker: LatencyTracker;
  readonly trades: TradeRecorder;
  readonly processMetrics: ProcessMetrics;
  /** Resource attributes of everything that is sent. */
  readonly resource: Readonly<Record<string, string>>;
  /** Where spans and metrics are sent to, without paths. */
  readonly receiver: string;
  /** The state of delivery. */
  health(): ExportHealth;
  /**
   * Also exposes the instruments on the service's own prom-client Registry or OpenTelemetry MeterProvider.
   */
  exposeOn(registry: unknown): () => void;
  /** Sends everything now. Resolves once it is delivered, or after `exitTimeoutMs`. Never rejects. */
  flush(): Promise<void>;
  /**
   * Sends everything and stops. Resolves within `exitTimeoutMs`; what is left counts as dropped. Never
   * rejects.
   */
  shutdown(): Promise<void>;
}
