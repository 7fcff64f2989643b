import { aggregatorMetrics } from "../aggregator-metrics.ts";
import type { MetricDefinition } from "../metric.ts";
import { serviceMetrics } from "../service-metrics.ts";
import { code, generatedNotice, markdownTable } from "./table.ts";

const ofAggregator: readonly MetricDefinition[] = Object.values(aggregatorMetrics);

/** The text of `docs/metrics.md`. */
export function metricsPage(): string {
  return `${generatedNotice}

# Metrics

Names stand in \`/metrics\` exactly as here: no suffix is added, none dropped. A metric that is not known yet has its HELP
and TYPE and no sample; it is never 0 by default. In the OpenMetrics form a counter whose name does not end with
\`_total\` has the type \`unknown\`, for the format allows no other, and histogram buckets carry exemplars with a \`trace_id\`.

The buckets are for Prometheus. Percentiles that Slipstream itself shows come from a sketch and are within 0.5 %.

## From a trading service, and from the aggregator under its own \`job\`
A panel or a rule picks one of the two jobs, never a sum of both: they are computed from the same spans.

${table(Object.values(serviceMetrics))}

## From the aggregator only
${table(ofAggregator.filter(({ reserved }) => !reserved))}

## Reserved
Names that dashboards may already rely on; nothing emits them yet.

${table(ofAggregator.filter(({ reserved }) => reserved))}
`;
}

function table(metrics: readonly MetricDefinition[]): string {
  const rows = metrics.map((metric) => [
    code(metric.name),
    metric.kind,
    metric.unit,
    labels(metric),
    metric.buckets === undefined ? metric.help : `${metric.help} Buckets: ${metric.buckets.join(", ")}.`,
  ]);
  return markdownTable(["name", "kind", "unit", "labels", "what it is"], rows);
}

function labels({ labels = {} }: MetricDefinition): string {
  return Object.entries(labels)
    .map(([name, values]) => (values === "open" ? code(name) : `${code(name)} = ${values.join(", ")}`))
    .join("; ");
}
