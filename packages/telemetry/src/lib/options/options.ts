import type { SignalSettings } from "../export/http-sender.ts";
import type { InstrumentSet } from "../instruments/instrument-set.ts";

/** Options of `setUp`. Only `serviceName` is required. */
export interface TelemetryOptions {
  /** `service.name`. */
  readonly serviceName: string;
  /** `service.version`. */
  readonly serviceVersion?: string;
  /** `service.instance.id`, unique per process. Default: random. */
  readonly instanceId?: string;
  /** `slipstream.desk` of everything sent. An aggregator keeps desks apart; default: its own desk. */
  readonly desk?: string;
  /**
   * Base URL of an OTLP/HTTP receiver. Default: `OTEL_EXPORTER_OTLP_ENDPOINT`, else http://localhost:4318,
   * where an OpenTelemetry Collector listens. `slipstream aggregate` prints its own.
   */
  readonly endpoint?: string;
  /** Bearer token for the receiver. Default: `SLIPSTREAM_TOKEN`. */
  readonly token?: string;
  /** Additional headers for the receiver. They override those in `OTEL_EXPORTER_OTLP_HEADERS`. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Compression of requests. Default: `OTEL_EXPORTER_OTLP_COMPRESSION`, else none, because gzip takes about
   * as much CPU as encoding.
   */
  readonly compression?: "gzip" | "none";
  /**
   * Limit of encoded spans waiting to be sent, in bytes. Beyond it, the oldest are dropped and counted.
   * Default: 64 MiB.
   */
  readonly queueBytes?: number;
  /**
   * Maximum time in ms that an ended span waits before it is sent. Statistics and alerts are later by as much. Default:
   * 1000.
   */
  readonly flushIntervalMs?: number;
  /** Interval of the metric export in ms. Default: `OTEL_METRIC_EXPORT_INTERVAL`, else 5000. */
  readonly metricIntervalMs?: number;
  /** Timeout of a request in ms. Default: `OTEL_EXPORTER_OTLP_TIMEOUT`, else 10000. */
  readonly requestTimeoutMs?: number;
  /**
   * Time limit in ms for `flush` and `shutdown`, and for what a signal or a natural exit waits for. Default:
   * 2000.
   */
  readonly exitTimeoutMs?: number;
  /** Additional resource attributes. They override those in `OTEL_RESOURCE_ATTRIBUTES`. */
  readonly resourceAttributes?: Readonly<Record<string, string>>;
  /**
   * Called when telemetry can no longer be sent or is lost: once per outage and not for each request. Default:
   * a line on stderr.
   */
  readonly onError?: (message: string) => void;
  /** Called when sending works again after `onError`. Default: a line on stderr, unless `onError` is given. */
  readonly onRecovery?: (message: string) => void;
  /** Write nothing to stderr. Default: false. */
  readonly silent?: boolean;
  /** Deliver what is left when the process ends, in whichever way. Default: true. */
  readonly shutdownOnExit?: boolean;
  /**
   * Register as the tracer and meter provider of the OpenTelemetry API, so that other libraries' spans and
   * metrics are sent too. Default: true. In either case, a context manager is registered if there is none.
   */
  readonly global?: boolean;
  /** Instruments that exist already, to be exported. Default: new ones. */
  readonly instruments?: InstrumentSet;
  /** Limits of the latency tracker. */
  readonly latency?: {
    /** Minutes kept for each operation. Default: 60. */
    readonly minutes?: number;
    /** Maximum number of separate operations; the rest count as "other". Default: 64. */
    readonly maxOperations?: number;
  };
}

/** Every option with its value. */
export interface Settings {
  readonly serviceName: string;
  /** Where spans and metrics are sent to, for messages. */
  readonly receiver: string;
  readonly sendsTraces: boolean;
  readonly sendsMetrics: boolean;
  /** Nobody named an endpoint. */
  readonly endpointIsDefault: boolean;
  readonly requestSettings: SignalSettings;
  readonly queueBytes: number;
  readonly flushIntervalMs: number;
  readonly metricIntervalMs: number;
  readonly exitTimeoutMs: number;
  readonly resource: Readonly<Record<string, string>>;
  readonly onError: (message: string) => void;
  readonly onRecovery: (message: string) => void;
  readonly shutdownOnExit: boolean;
  readonly global: boolean;
  readonly latencyMinutes: number;
  readonly maxOperations: number;
}
