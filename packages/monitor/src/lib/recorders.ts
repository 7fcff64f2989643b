import { ProxyTracer, type Tracer, trace } from "@opentelemetry/api";
import {
  exposeInstruments,
  InstrumentSet,
  type Instruments,
  LatencyTracker,
  ProcessMetrics,
  TradeRecorder,
} from "@slipstream/telemetry/instruments";
import type { MonitorSettings } from "./monitor-options.ts";

/** What measures in this process, whether it exports or not. */
export interface Recorders {
  readonly instruments: Instruments;
  readonly trades: TradeRecorder;
  readonly latencyTracker: LatencyTracker;
  /** @throws if the registry is none, or has a metric of the same name. @returns how to undo it */
  exposeOn(registry: unknown): () => void;
  /** Begins to export, if there is an endpoint. Rejects if that cannot be. */
  start(): Promise<void>;
  /** Delivers what is left. Never rejects. */
  close(): Promise<void>;
}

/** `endMs`: Unix time. */
export type LatencyListener = (operation: string, seconds: number, endMs: number) => void;

/**
 * With an endpoint, spans and metrics are exported once it is started: until then there is no OpenTelemetry SDK, which takes
 * longer to load than everything else here. Without one, spans go to the service's own OpenTelemetry, if it has any.
 */
export function createRecorders(settings: MonitorSettings, onLatency: LatencyListener): Recorders {
  const { endpoint } = settings;
  const set = new InstrumentSet();
  const instruments = set.handles;
  let exporting: Exporting | undefined;
  const tracer =
    endpoint === undefined
      ? trace.getTracer("slipstream")
      : new ProxyTracer({ getDelegateTracer: () => exporting?.tracer }, "slipstream");
  const parts = { tracer, instruments };
  if (endpoint === undefined) {
    const processMetrics = new ProcessMetrics();
    set.beforeCollect(() => processMetrics.writeTo(instruments));
  }
  return {
    instruments,
    trades: new TradeRecorder(parts),
    latencyTracker: new LatencyTracker({ ...parts, onLatency }),
    exposeOn: (registry) => exposeInstruments(set, registry),
    start: async () => {
      if (endpoint !== undefined) exporting = await startExport(settings, set);
    },
    close: async () => exporting?.shutdown(),
  };
}

interface Exporting {
  readonly tracer: Tracer;
  shutdown(): Promise<void>;
}

async function startExport(
  { serviceName, endpointOption, token, desk, logger }: MonitorSettings,
  instruments: InstrumentSet,
): Promise<Exporting> {
  const { setUp } = await import("@slipstream/telemetry");
  return setUp({
    serviceName,
    instruments,
    // Otherwise it reads the variables itself, with those of single signals.
    ...(endpointOption === undefined ? {} : { endpoint: endpointOption }),
    ...(token === undefined ? {} : { token }),
    ...(desk === undefined ? {} : { desk }),
    onError: (message) => logger.warn(message),
    // At the same level, so that who hears of the outage hears of its end.
    onRecovery: (message) => logger.warn(message),
  });
}
