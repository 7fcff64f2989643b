import { trace } from "@opentelemetry/api";
import {
  exposeInstruments,
  InstrumentSet,
  type Instruments,
  LatencyTracker,
  ProcessMetrics,
  setUp,
  TradeRecorder,
} from "@slipstream/telemetry";
import type { MonitorSettings } from "./monitor-options.ts";

/** What measures in this process, whether it exports or not. */
export interface Recorders {
  readonly instruments: Instruments;
  readonly trades: TradeRecorder;
  readonly latencyTracker: LatencyTracker;
  /** @throws where the registry is none, or has a metric of the same name. @returns how to undo it */
  exposeOn(registry: unknown): () => void;
  /** Delivers what is left. Never rejects. */
  close(): Promise<void>;
}

export type LatencyListener = (operation: string, seconds: number) => void;

/** With an endpoint, all of telemetry; without, the instruments alone, and spans for the service's own OpenTelemetry. */
export function createRecorders(settings: MonitorSettings, onLatency: LatencyListener): Recorders {
  return settings.endpoint === undefined
    ? localRecorders(onLatency)
    : exportingRecorders(settings, settings.endpoint, onLatency);
}

function exportingRecorders(
  settings: MonitorSettings,
  endpoint: string,
  onLatency: LatencyListener,
): Recorders {
  const telemetry = setUp({
    serviceName: settings.serviceName,
    endpoint,
    ...(settings.token === undefined ? {} : { token: settings.token }),
    ...(settings.desk === undefined ? {} : { desk: settings.desk }),
    onError: (message) => settings.logger.warn(message),
  });
  const { instruments, trades, tracer } = telemetry;
  return {
    instruments,
    trades,
    latencyTracker: new ListenedLatencyTracker({ tracer, instruments }, onLatency),
    exposeOn: (registry) => telemetry.exposeOn(registry),
    close: () => telemetry.shutdown(),
  };
}

function localRecorders(onLatency: LatencyListener): Recorders {
  const set = new InstrumentSet();
  const instruments = set.handles;
  const processMetrics = new ProcessMetrics();
  set.beforeCollect(() => processMetrics.writeTo(instruments));
  const parts = { tracer: trace.getTracer("slipstream"), instruments };
  return {
    instruments,
    trades: new TradeRecorder(parts),
    latencyTracker: new ListenedLatencyTracker(parts, onLatency),
    exposeOn: (registry) => exposeInstruments(set, registry),
    close: async () => undefined,
  };
}

/** Tells each latency also to the engine. */
class ListenedLatencyTracker extends LatencyTracker {
  readonly #onLatency: LatencyListener;

  constructor(options: ConstructorParameters<typeof LatencyTracker>[0], onLatency: LatencyListener) {
    super(options);
    this.#onLatency = onLatency;
  }

  override record(...[operation, seconds, attributes]: Parameters<LatencyTracker["record"]>): void {
    super.record(operation, seconds, attributes);
    if (seconds >= 0 && seconds < Number.POSITIVE_INFINITY) this.#onLatency(operation, seconds);
  }
}
