export type { FamilyWriter } from "./lib/family-writer.ts";
export type {
  Exemplar,
  HistogramSample,
  Labels,
  MetricFamily,
  MetricSource,
  NumberSample,
} from "./lib/metric-family.ts";
export { acceptsGzip, type ExpositionFormat, negotiate } from "./lib/negotiate.ts";
export { encodeOpenMetrics, openMetricsContentType, renderOpenMetrics } from "./lib/open-metrics-text.ts";
export { encodePrometheus, prometheusContentType, renderPrometheus } from "./lib/prometheus-text.ts";
