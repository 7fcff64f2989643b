import type { Tracer } from "@opentelemetry/api";
import type { ExportHealth } from "./export/health.ts";
import type { Instruments } from "./instruments/instruments.ts";
import type { ProcessMetrics } from "./instruments/process-metrics.ts";
import type { LatencyTracker } from "./latency/latency-tracker.ts";
import type { TradeRecorder } from "./trades/trade-recorder.ts";

/** A service's telemetry, running. */
export interface Telemetry {
  /** For spans of the service's own. */
  readonly tracer: Tracer;
  /** A bound handle for each service metric. */
  readonly instruments: Instruments;
  readonly latencyTracker: LatencyTracker;
  readonly trades: TradeRecorder;
  readonly processMetrics: ProcessMetrics;
  /** Resource attributes of everything sent. */
  readonly resource: Readonly<Record<string, string>>;
  /** How delivery fares. */
  health(): ExportHealth;
  /** Makes the instruments appear in the service's own prom-client Registry or OpenTelemetry MeterProvider also. */
  exposeOn(registry: unknown): () => void;
  /** Sends everything now. Resolves when it is delivered, or after `exitTimeoutMs`. Never rejects. */
  flush(): Promise<void>;
  /** Sends everything and ends. Resolves within `exitTimeoutMs`; what is left then counts as dropped. Never rejects. */
  shutdown(): Promise<void>;
}
