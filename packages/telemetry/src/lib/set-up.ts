import { VERSION } from "@slipstream/conventions";
import { type ExitMember, joinExit } from "./exit/exit-hooks.ts";
import { DeliveryReports } from "./export/delivery-reports.ts";
import { Exporter } from "./export/exporter.ts";
import { HttpSender, type SignalSettings } from "./export/http-sender.ts";
import { exposeInstruments } from "./instruments/expose.ts";
import { InstrumentSet } from "./instruments/instrument-set.ts";
import { ProcessMetrics } from "./instruments/process-metrics.ts";
import { serviceState } from "./instruments/service-state.ts";
import { LatencyTracker } from "./latency/latency-tracker.ts";
import type { TelemetryOptions } from "./options/options.ts";
import { settingsOf } from "./options/settings.ts";
import { type Registration, type Sdk, startSdk } from "./sdk.ts";
import { WallClock } from "./spans/wall-clock.ts";
import type { Telemetry } from "./telemetry.ts";
import { TradeRecorder } from "./trades/trade-recorder.ts";

const SCOPE = { name: "@slipstream/telemetry", version: VERSION } as const;

/**
 * Starts a service's telemetry: spans and metrics are sent to an OTLP/HTTP receiver. An unreachable receiver
 * neither stops nor slows the service. Unless told otherwise, it writes one line to stderr when nothing can be
 * sent, one when sending works again, and one at the end if spans are lost. An option that does not exist is
 * reported in the same way, and ignored.
 *
 * @throws SlipstreamError (`invalid_option`) with the name of the invalid option.
 */
export function setUp(options: TelemetryOptions): Telemetry {
  return setUpWithin(options, { processGauges: true, registration: "global" });
}

/** What only auto-instrumentation decides. */
export interface SetUpPlace {
  /** Whether this is where the process's memory and CPU time are reported from. */
  readonly processGauges: boolean;
  /** How the OpenTelemetry API gets the tracer and meter provider, if `global` allows it. */
  readonly registration: Registration;
  /** Ends what is still open, as the process is about to end. Must not throw. */
  readonly settle?: () => void;
}

/** As `setUp`. */
export function setUpWithin(options: TelemetryOptions, place: SetUpPlace): Telemetry {
  const settings = settingsOf(options, process.env);
  const { exitTimeoutMs } = settings;
  const clock = new WallClock();
  const sender = new HttpSender(settings.requestSettings);
  const exporter = new Exporter({
    ...settings,
    clock,
    scope: SCOPE,
    reports: new DeliveryReports({
      ...settings,
      subject: `telemetry of ${settings.serviceName} to ${settings.receiver}`,
      onProblem: settings.onError,
    }),
    send: (signal, body) => sdk.untraced(() => sender.send(signal, body)),
  });
  const set = options.instruments ?? new InstrumentSet();
  set.beforeRead(() => exporter.drain());
  const processMetrics = new ProcessMetrics();
  if (place.processGauges) set.beforeCollect(() => processMetrics.writeTo(set.handles));
  // In the metrics that a process sends before it exits it says that it ends. If it goes on, the next ones take it back.
  let exiting = false;
  let ended: Promise<void> | undefined;
  set.beforeCollect(() => set.handles.processUp.set(exiting || ended !== undefined ? 0 : 1));
  const sdk: Sdk = startSdk({
    ...settings,
    registration: settings.global ? place.registration : "none",
    scope: SCOPE,
    clock,
    env: process.env,
    startMs: set.startMs,
    collect: () => set.collect(),
    onSpanEnd: (span) => exporter.addSpan(span),
    drain: () => exporter.drain(),
    onMetrics: (body) => exporter.setMetrics(body),
  });
  const parts = { tracer: sdk.tracer, instruments: set.handles };

  const deliver = async (last: boolean) => {
    exiting ||= last;
    try {
      return await exporter.deliver(exitTimeoutMs, last, sdk.exportMetrics());
    } finally {
      // Not at once: metrics that happen to be collected now would say that a process that is ending goes on.
      if (last) setTimeout(() => (exiting = false), settings.metricIntervalMs).unref();
    }
  };
  const encodeLastMetrics = () => {
    exiting = true;
    return sdk.encodeOwnMetrics();
  };
  const leaveExit = settings.shutdownOnExit
    ? joinExit(
        exitMember({ ...settings, ...place, exporter, encodeLastMetrics, deliver: () => deliver(true) }),
      )
    : () => {};

  async function end(): Promise<void> {
    const deadline = performance.now() + exitTimeoutMs;
    await deliver(true);
    exporter.close();
    sender.close();
    leaveExit();
    await sdk.shutdown(Math.max(deadline - performance.now(), 1));
  }
  return {
    ...parts,
    ...serviceState(set.handles),
    resource: settings.resource,
    receiver: settings.receiver,
    processMetrics,
    latencyTracker: new LatencyTracker({
      ...parts,
      minutes: settings.latencyMinutes,
      maxOperations: settings.maxOperations,
    }),
    trades: new TradeRecorder(parts),
    health: () => exporter.health(),
    exposeOn: (registry) => exposeInstruments(set, registry),
    flush: async () => {
      await deliver(false);
    },
    shutdown: () => {
      ended ??= end();
      return ended;
    },
  };
}

interface ExitParts {
  readonly exitTimeoutMs: number;
  readonly requestSettings: SignalSettings;
  readonly exporter: Exporter;
  readonly settle?: () => void;
  readonly encodeLastMetrics: () => Uint8Array | undefined;
  readonly deliver: () => Promise<boolean>;
}

function exitMember({
  exitTimeoutMs,
  requestSettings,
  exporter,
  settle = () => {},
  encodeLastMetrics,
  deliver,
}: ExitParts): ExitMember {
  let metricsOut = false;
  let gaveUp = false;
  return {
    timeoutMs: exitTimeoutMs,
    settle,
    hasMore: () => !gaveUp && (exporter.hasSpans || !metricsOut),
    async deliver() {
      // Once is enough: an exit does not wait twice for an unreachable receiver.
      gaveUp = !(await deliver());
      metricsOut = true;
    },
    lastWords() {
      const { queuedSpans } = exporter.health();
      const onUndelivered = () => exporter.left(queuedSpans);
      if (gaveUp) {
        onUndelivered();
        return { requestSettings, requests: [], onUndelivered };
      }
      try {
        const metrics = metricsOut ? undefined : encodeLastMetrics();
        if (metrics !== undefined) exporter.setMetrics(metrics);
      } catch {
        // The spans are more important.
      }
      const requests = exporter.takeAll();
      if (requests.length === 0) exporter.left(0);
      return { requestSettings, requests, onUndelivered };
    },
  };
}
