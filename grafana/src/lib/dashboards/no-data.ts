/** Why there may be no data, if the reason is the same for panels of several dashboards. */
export const NO_AGGREGATOR = "Prometheus does not reach the aggregator.";

export const NO_QUESTDB =
  "The aggregator has no QuestDB (`--questdb`), or writes under a prefix: set the dashboard's variable table_prefix.";

export const NO_SERVICE_METRICS =
  "Prometheus gets no metrics from these services: they do not run, or lack Slipstream's telemetry or a Collector that sends to Prometheus.";
