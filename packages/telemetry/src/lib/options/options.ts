/** What a service tells `setUp`. Only `serviceName` is needed. */
export interface TelemetryOptions {
  /** `service.name`. */
  readonly serviceName: string;
  /** `service.version`. */
  readonly serviceVersion?: string;
  /** `service.instance.id`, unique for each process. Default: random. */
  readonly instanceId?: string;
  /** `slipstream.desk`, for an aggregator that serves several desks. */
  readonly desk?: string;
  /** Base address of an OTLP/HTTP receiver. Default: `OTEL_EXPORTER_OTLP_ENDPOINT`, else http://localhost:4318. */
  readonly endpoint?: string;
  /** Bearer token of the receiver. Default: `SLIPSTREAM_TOKEN`. */
  readonly token?: string;
  /** More headers for the receiver, in front of those of `OTEL_EXPORTER_OTLP_HEADERS`. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Compression of what is sent. Default: `OTEL_EXPORTER_OTLP_COMPRESSION`, else none: gzip costs about as much CPU
   * as encoding does.
   */
  readonly compression?: "gzip" | "none";
  /** Limit of encoded spans that wait to be sent; beyond it the oldest are dropped and counted. Default: 64 MiB. */
  readonly queueBytes?: number;
  /** Longest time that an ended span waits before it is sent. Default: 500. */
  readonly flushIntervalMs?: number;
  /** Period of the metrics' export. Default: `OTEL_METRIC_EXPORT_INTERVAL`, else 5000. */
  readonly metricIntervalMs?: number;
  /** Limit of one request. Default: `OTEL_EXPORTER_OTLP_TIMEOUT`, else 10000. */
  readonly requestTimeoutMs?: number;
  /** Limit of `flush` and `shutdown`, and of what a signal or a natural exit waits for. Default: 2000. */
  readonly exitTimeoutMs?: number;
  /** More resource attributes; they go before those of `OTEL_RESOURCE_ATTRIBUTES`. */
  readonly resourceAttributes?: Readonly<Record<string, string>>;
  /** Told, once for each kind of trouble and not at each repetition, what keeps telemetry from arriving. Default: silent. */
  readonly onError?: (message: string) => void;
  /** Deliver what is left when the process ends, by whichever way. Default: true. */
  readonly shutdownOnExit?: boolean;
  /**
   * Register as the tracer and meter provider of the OpenTelemetry API, so that other libraries' spans and metrics
   * are sent too. Default: true. A context manager is registered either way where there is none.
   */
  readonly global?: boolean;
  /** The latency tracker's bounds. */
  readonly latency?: {
    /** Minutes kept for each operation. Default: 60. */
    readonly minutes?: number;
    /** Operations told apart; the rest counts as "other". Default: 64. */
    readonly maxOperations?: number;
  };
}

/** Every option with its value. */
export interface Settings {
  readonly serviceName: string;
  readonly endpoint: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly compression: "gzip" | "none";
  readonly queueBytes: number;
  readonly flushIntervalMs: number;
  readonly metricIntervalMs: number;
  readonly requestTimeoutMs: number;
  readonly exitTimeoutMs: number;
  readonly resource: Readonly<Record<string, string>>;
  readonly onError: (message: string) => void;
  readonly shutdownOnExit: boolean;
  readonly global: boolean;
  readonly latencyMinutes: number;
  readonly maxOperations: number;
}
