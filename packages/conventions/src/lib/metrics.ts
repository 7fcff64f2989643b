import { aggregatorMetrics } from "./aggregator-metrics.ts";
import type { MetricDefinition } from "./metric.ts";
import { serviceMetrics } from "./service-metrics.ts";

/** Every metric of Slipstream, in the order of the documentation. */
export const allMetrics: readonly MetricDefinition[] = [
  ...Object.values(serviceMetrics),
  ...Object.values(aggregatorMetrics),
];
