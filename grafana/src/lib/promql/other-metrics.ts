/** A metric of another program, with the labels that dashboards use. */
export interface OtherMetric {
  readonly name: string;
  readonly labels?: Readonly<Record<string, "open">>;
}

/** Of the Collector, as its configuration names them: without suffixes of units and types. */
export const collectorMetrics = {
  queueSize: { name: "otelcol_exporter_queue_size", labels: { data_type: "open", exporter: "open" } },
  queueCapacity: { name: "otelcol_exporter_queue_capacity", labels: { data_type: "open", exporter: "open" } },
  sentSpans: { name: "otelcol_exporter_sent_spans", labels: { exporter: "open" } },
  failedSpans: { name: "otelcol_exporter_send_failed_spans", labels: { exporter: "open" } },
  failedPoints: { name: "otelcol_exporter_send_failed_metric_points", labels: { exporter: "open" } },
  notQueuedSpans: { name: "otelcol_exporter_enqueue_failed_spans", labels: { exporter: "open" } },
  notQueuedPoints: { name: "otelcol_exporter_enqueue_failed_metric_points", labels: { exporter: "open" } },
  acceptedSpans: { name: "otelcol_receiver_accepted_spans", labels: { receiver: "open" } },
  refusedSpans: { name: "otelcol_receiver_refused_spans", labels: { receiver: "open" } },
  acceptedPoints: { name: "otelcol_receiver_accepted_metric_points", labels: { receiver: "open" } },
  refusedPoints: { name: "otelcol_receiver_refused_metric_points", labels: { receiver: "open" } },
  memory: { name: "otelcol_process_memory_rss" },
  cpuSeconds: { name: "otelcol_process_cpu_seconds" },
  uptime: { name: "otelcol_process_uptime" },
  droppedTooEarly: { name: "otelcol_processor_tail_sampling_sampling_trace_dropped_too_early" },
  tracesWaiting: { name: "otelcol_processor_tail_sampling_sampling_traces_on_memory" },
} as const;

/** Of Prometheus itself. */
export const prometheusMetrics = {
  up: { name: "up" },
  scrapeDuration: { name: "scrape_duration_seconds" },
  alerts: {
    name: "ALERTS",
    labels: { alertname: "open", alertstate: "open", severity: "open", source: "open" },
  },
  samplesAppended: { name: "prometheus_tsdb_head_samples_appended_total" },
  outOfOrder: { name: "prometheus_tsdb_out_of_order_samples_total" },
  tooOld: { name: "prometheus_tsdb_too_old_samples_total" },
  ruleFailures: { name: "prometheus_rule_evaluation_failures_total" },
  notificationsDropped: { name: "prometheus_notifications_dropped_total" },
  notificationErrors: { name: "prometheus_notifications_errors_total" },
  notificationQueue: { name: "prometheus_notifications_queue_length" },
} as const;

export const otherMetrics: readonly OtherMetric[] = [
  ...Object.values(collectorMetrics),
  ...Object.values(prometheusMetrics),
];
