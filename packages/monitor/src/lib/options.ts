/** Options of `PerformanceMonitor` that the aggregator does not have. */
export const serviceOptions = {
  title: "PerformanceMonitor",
  options: {
    endpoint: {
      type: "url",
      protocols: ["http:", "https:"],
      example: "http://127.0.0.1:9480",
      unset: "none; this process is the desk's aggregator",
      env: "OTEL_EXPORTER_OTLP_ENDPOINT",
      help: "where spans and metrics are sent to; the aggregator there writes Redis and QuestDB",
    },
    serviceName: {
      type: "text",
      allowed: "a name",
      default: "trading-service",
      env: "OTEL_SERVICE_NAME",
      help: "name of the service, the attribute service.name",
    },
  },
} as const;
