/** What the Collector does with the spans. */
export type CollectorPipeline = "durable queue" | "span_metrics";

/**
 * The Collector's configuration as JSON, which is YAML too. What does not matter here is left out in its favour: no own
 * metrics, no compression, and a destination that throws everything away.
 */
export function collectorConfig(
  pipeline: CollectorPipeline,
  { port, directory }: { readonly port: number; readonly directory: string },
): string {
  const otlp = { protocols: { http: { endpoint: `127.0.0.1:${port}` } } };
  const telemetry = { metrics: { level: "none" }, logs: { level: "error" } };
  return JSON.stringify(
    pipeline === "durable queue" ? durableQueue(otlp, telemetry, directory) : spanMetrics(otlp, telemetry),
  );
}

/** Acknowledged once the queue has the request on the disk; from there it goes to an exporter that counts and forgets. */
function durableQueue(otlp: object, telemetry: object, directory: string): object {
  return {
    receivers: { otlp },
    exporters: {
      debug: {
        verbosity: "basic",
        use_internal_logger: false,
        output_paths: ["/dev/null"],
        sending_queue: { storage: "file_storage", sizer: "items", queue_size: 1_000_000_000 },
      },
    },
    extensions: { file_storage: { directory, fsync: true } },
    service: {
      extensions: ["file_storage"],
      telemetry,
      pipelines: { traces: { receivers: ["otlp"], exporters: ["debug"] } },
    },
  };
}

/** Calls and durations of every service, span name, kind and status, with the connector's own defaults. */
function spanMetrics(otlp: object, telemetry: object): object {
  return {
    receivers: { otlp },
    exporters: { nop: {} },
    connectors: { span_metrics: {} },
    service: {
      telemetry,
      pipelines: {
        traces: { receivers: ["otlp"], exporters: ["span_metrics"] },
        metrics: { receivers: ["span_metrics"], exporters: ["nop"] },
      },
    },
  };
}
