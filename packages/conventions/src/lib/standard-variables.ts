/** A variable of the OpenTelemetry specification, and what `@slipstream/telemetry` does with it. */
export interface StandardVariable {
  readonly name: string;
  /** What it does here; undefined: nothing. */
  readonly honoured?: string;
  /** What to do instead. */
  readonly instead?: string;
  /** Values that change nothing: with them, nobody need be told that the variable has no effect. In small letters. */
  readonly harmless?: readonly string[];
}

const sdk = (name: string, honoured: string): StandardVariable => ({ name, honoured });
const no = (name: string, instead?: string, harmless: readonly string[] = []): StandardVariable => ({
  name,
  ...(instead === undefined ? {} : { instead }),
  harmless,
});
const limit = (name: string): StandardVariable =>
  sdk(name, "limits spans, which are then made by the OpenTelemetry SDK");

const PROTOBUF = ["http/protobuf"];
const batches = "the queue is bounded in bytes: the options queueBytes and flushIntervalMs";
const logs = "no logs are sent";
const tls = "use the certificates of Node: NODE_EXTRA_CA_CERTS";
const clientTls = "send to a Collector on this machine, which has the certificates";

/**
 * Every variable of the specification that an SDK or an OTLP exporter may read.
 * Sources: opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables, and .../protocol/exporter (1.50)
 */
export const standardVariables: readonly StandardVariable[] = [
  sdk("OTEL_SDK_DISABLED", "`true`: nothing is recorded globally, and nothing is sent"),
  no("OTEL_ENTITIES"),
  sdk("OTEL_RESOURCE_ATTRIBUTES", "further attributes of the resource"),
  sdk(
    "OTEL_SERVICE_NAME",
    "the name of the service for `PerformanceMonitor` and for an unchanged service ([auto.md](auto.md)); `setUp` asks for the option `serviceName`",
  ),
  no("OTEL_LOG_LEVEL", "problems are reported to the option onError", ["info"]),
  no("OTEL_PROPAGATORS", undefined, ["tracecontext,baggage", "tracecontext"]),
  sdk("OTEL_TRACES_SAMPLER", "the sampler; counts are then those of the sampled trades"),
  sdk("OTEL_TRACES_SAMPLER_ARG", "the sampler's argument"),
  no("OTEL_BSP_SCHEDULE_DELAY", batches),
  no("OTEL_BSP_EXPORT_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT limits a request"),
  no("OTEL_BSP_MAX_QUEUE_SIZE", batches),
  no("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", batches),
  no("OTEL_BLRP_SCHEDULE_DELAY", logs),
  no("OTEL_BLRP_EXPORT_TIMEOUT", logs),
  no("OTEL_BLRP_MAX_QUEUE_SIZE", logs),
  no("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", logs),
  limit("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT"),
  limit("OTEL_ATTRIBUTE_COUNT_LIMIT"),
  limit("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT"),
  limit("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT"),
  limit("OTEL_SPAN_EVENT_COUNT_LIMIT"),
  limit("OTEL_SPAN_LINK_COUNT_LIMIT"),
  no("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "set OTEL_SPAN_ATTRIBUTE_PER_EVENT_COUNT_LIMIT"),
  no("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "set OTEL_SPAN_ATTRIBUTE_PER_LINK_COUNT_LIMIT"),
  limit("OTEL_SPAN_ATTRIBUTE_PER_EVENT_COUNT_LIMIT"),
  limit("OTEL_SPAN_ATTRIBUTE_PER_LINK_COUNT_LIMIT"),
  no("OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", logs),
  no("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", logs),
  sdk("OTEL_TRACES_EXPORTER", "`none`: no spans are sent; otherwise `otlp`"),
  sdk("OTEL_METRICS_EXPORTER", "`none`: no metrics are sent; otherwise `otlp`"),
  no("OTEL_LOGS_EXPORTER", logs, ["none"]),
  no("OTEL_METRICS_EXEMPLAR_FILTER", undefined, ["trace_based"]),
  sdk("OTEL_METRIC_EXPORT_INTERVAL", "time between two exports of metrics, ms; default 5000"),
  no("OTEL_METRIC_EXPORT_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT limits a request"),
  no("OTEL_CONFIG_FILE", "set the options of setUp, or the other variables"),
  no("OTEL_EXPERIMENTAL_CONFIG_FILE", "set the options of setUp, or the other variables"),
  sdk(
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "base URL of the receiver; `/v1/traces` and `/v1/metrics` are added. Without it and the option `endpoint`, `PerformanceMonitor` exports nothing",
  ),
  sdk("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "URL that spans are sent to, as it is"),
  sdk("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "URL that metrics are sent to, as it is"),
  no("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", logs),
  sdk("OTEL_EXPORTER_OTLP_HEADERS", "further headers of requests"),
  sdk(
    "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
    "headers of requests with spans; of equal names, this one's value counts",
  ),
  sdk(
    "OTEL_EXPORTER_OTLP_METRICS_HEADERS",
    "headers of requests with metrics; of equal names, this one's value counts",
  ),
  no("OTEL_EXPORTER_OTLP_LOGS_HEADERS", logs),
  sdk("OTEL_EXPORTER_OTLP_TIMEOUT", "time limit of a request, ms; default 10000"),
  sdk("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "time limit of a request with spans"),
  sdk("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "time limit of a request with metrics"),
  no("OTEL_EXPORTER_OTLP_LOGS_TIMEOUT", logs),
  sdk("OTEL_EXPORTER_OTLP_COMPRESSION", "`gzip` or `none`"),
  sdk("OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "compression of requests with spans"),
  sdk("OTEL_EXPORTER_OTLP_METRICS_COMPRESSION", "compression of requests with metrics"),
  no("OTEL_EXPORTER_OTLP_LOGS_COMPRESSION", logs),
  no(
    "OTEL_EXPORTER_OTLP_PROTOCOL",
    "requests are http/protobuf; to send gRPC, put a Collector between",
    PROTOBUF,
  ),
  no("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "requests are http/protobuf", PROTOBUF),
  no("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "requests are http/protobuf", PROTOBUF),
  no("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", logs, PROTOBUF),
  no("OTEL_EXPORTER_OTLP_CERTIFICATE", tls),
  no("OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE", tls),
  no("OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE", tls),
  no("OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE", logs),
  no("OTEL_EXPORTER_OTLP_CLIENT_KEY", clientTls),
  no("OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY", clientTls),
  no("OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY", clientTls),
  no("OTEL_EXPORTER_OTLP_LOGS_CLIENT_KEY", logs),
  no("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", clientTls),
  no("OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE", clientTls),
  no("OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE", clientTls),
  no("OTEL_EXPORTER_OTLP_LOGS_CLIENT_CERTIFICATE", logs),
  no("OTEL_EXPORTER_OTLP_INSECURE", "the scheme of the endpoint decides: http:// or https://"),
  no("OTEL_EXPORTER_OTLP_TRACES_INSECURE", "the scheme of the endpoint decides"),
  no("OTEL_EXPORTER_OTLP_METRICS_INSECURE", "the scheme of the endpoint decides"),
  no("OTEL_EXPORTER_OTLP_LOGS_INSECURE", logs),
  no("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "metrics are cumulative", ["cumulative"]),
  no("OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION", undefined, ["explicit_bucket_histogram"]),
  no(
    "OTEL_EXPORTER_PROMETHEUS_HOST",
    "exposeOn(registry) shows the metrics where Prometheus scrapes the service",
  ),
  no(
    "OTEL_EXPORTER_PROMETHEUS_PORT",
    "exposeOn(registry) shows the metrics where Prometheus scrapes the service",
  ),
  no("OTEL_EXPORTER_ZIPKIN_ENDPOINT", "a Collector can export to Zipkin"),
  no("OTEL_EXPORTER_ZIPKIN_TIMEOUT", "a Collector can export to Zipkin"),
];

/** One line for each variable that is set and has no effect, although it would have one elsewhere. The value is not shown. */
export function withoutEffect(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return standardVariables.flatMap(({ name, honoured, instead, harmless = [] }) => {
    const value = env[name]?.trim().toLowerCase() ?? "";
    if (honoured !== undefined || value === "" || harmless.includes(value)) return [];
    return [`${name} has no effect here${instead === undefined ? "" : `: ${instead}`}`];
  });
}
