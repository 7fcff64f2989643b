import { aggregatorMetrics } from "./aggregator-metrics.ts";
import { labelMetrics } from "./label-metrics.ts";
import type { MetricDefinition } from "./metric.ts";
import { processMetrics } from "./process-metrics.ts";
import { serviceMetrics } from "./service-metrics.ts";

/** All of Slipstream's metrics, in documentation order. */
export const allMetrics: readonly MetricDefinition[] = [
  ...Object.values(serviceMetrics),
  ...Object.values(aggregatorMetrics),
  ...labelMetrics,
  ...Object.values(processMetrics),
];
