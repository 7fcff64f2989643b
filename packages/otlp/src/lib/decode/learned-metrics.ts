import { aggregatorMetrics, type MetricDefinition, serviceMetrics } from "@slipstream/conventions";

/**
 * What the aggregator learns from metrics alone: the services' gauges, and what `slipstream doctor` found of its canaries. Services' other
 * metrics it computes from spans.
 */
export const learnedMetrics: ReadonlyMap<string, MetricDefinition> = new Map(
  [
    ...Object.values(serviceMetrics).filter(({ kind }) => kind === "gauge"),
    aggregatorMetrics.canary,
    aggregatorMetrics.canaryUp,
  ].map((definition) => [definition.name, definition]),
);

/** Labels of the metrics above. */
export const learnedLabels: ReadonlySet<string> = new Set(
  [...learnedMetrics.values()].flatMap(({ labels }) => Object.keys(labels ?? {})),
);
