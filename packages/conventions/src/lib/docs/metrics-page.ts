import { code, markdownTable } from "@slipstream/testing/markdown-table";
import { aggregatorMetrics } from "../aggregator-metrics.ts";
import { labelMetrics } from "../label-metrics.ts";
import type { MetricDefinition } from "../metric.ts";
import { processMetrics } from "../process-metrics.ts";
import { serviceMetrics } from "../service-metrics.ts";
import { generatedNotice } from "./notice.ts";

const ofAggregator: readonly MetricDefinition[] = Object.values(aggregatorMetrics);

const fixedNames = [...Object.values(serviceMetrics), ...ofAggregator]
  .filter(({ fixed }: MetricDefinition) => fixed)
  .map(({ name }) => code(name))
  .join(", ");

/** The text of `docs/metrics.md`. */
export function metricsPage(): string {
  return `${generatedNotice}

# Metrics

Names appear in \`/metrics\` exactly as listed here: no suffix is added or removed. A metric without a known value has
HELP and TYPE lines but no sample; it is never 0 by default. In the OpenMetrics format, histogram buckets carry exemplars
with a \`trace_id\`: the newest observation whose trace the Collector's sampler keeps for certain
([architecture.md](architecture.md#exemplars)).

A few names differ from what Prometheus' conventions ask for: counters without \`_total\`, such as \`slipstream_spans\`, and
percentiles over a window, which are gauges with a label \`quantile\`. Dashboards rely on these names, so they stay, once each: a
second name would double the series. Their TYPE is \`untyped\` (\`unknown\` in OpenMetrics), which claims nothing false.
Queries do not depend on it: \`rate(slipstream_spans[5m])\` works as with any counter. Name and type of these counters are fixed:
${fixedNames}. \`promtool check metrics\` remarks on them, and on nothing else.

The buckets are for Prometheus. The percentiles that Slipstream itself shows come from a sketch and are within 0.5 %.

## From a trading service, and from the aggregator under its own \`job\`
Both jobs compute these metrics from the same spans. In a panel or a rule, select one job; never sum both.

${table(Object.values(serviceMetrics))}

## From the aggregator only
${table(ofAggregator.filter(({ reserved }) => !reserved))}

## By label, from the aggregator only
The same statistic with a label is a family of its own, so the sum over a family is never more than the whole. Of each label at most
\`maxLabelValues\` values are told apart, 32 by default: the first, until another has twice as many trades as the least of them and takes
its place. The rest counts as \`other\`, and totals over all values are exact. What came of a value before it had a place stays in
\`other\`, and what it counted goes there if it loses its place. A trade that does not name its pair or strategy counts as \`unknown\`.
\`landing_service\` is the service that the trade names in \`mev.protection\` (or by a Jito bundle): \`none\` if it names something else,
\`unknown\` if it names nothing. A trade's protection is \`none\` if it names nothing.

Of calls by service, the services with the most calls in the percentile window are told apart. Of verdicts, the values with the most trades
in the MEV window are; protection and landing service are then as the tip on the chain shows them, if the trade does not name them, and the
landing service is \`unknown\` only without a verdict. The MEV window begins with a whole pane of 5 minutes (an hour, if
it is longer than two days).

${table(labelMetrics)}

## Of the aggregator's own process
The names are those of Prometheus' client libraries, so dashboards for Node services show them. The aggregator's other threads are in the
CPU time and in the resident memory; heap, event loop and garbage collection are those of its main thread.

${table(Object.values(processMetrics))}

## Reserved
These names are reserved so that dashboards can already use them. Nothing emits them yet.

${table(ofAggregator.filter(({ reserved }) => reserved))}
`;
}

function table(metrics: readonly MetricDefinition[]): string {
  const rows = metrics.map((metric) => [
    code(metric.name),
    metric.kind,
    metric.unit,
    labels(metric),
    [metric.help, buckets(metric), range(metric)].filter((text) => text !== "").join(" "),
  ]);
  return markdownTable(["name", "kind", "unit", "labels", "description"], rows);
}

function buckets({ buckets: bounds }: MetricDefinition): string {
  return bounds === undefined ? "" : `Buckets: ${bounds.join(", ")}.`;
}

function range({ range: ends }: MetricDefinition): string {
  return ends === undefined ? "" : `From ${ends.map((end) => end.toLocaleString("en")).join(" to ")}.`;
}

function labels({ labels = {} }: MetricDefinition): string {
  return Object.entries(labels)
    .map(([name, values]) => (values === "open" ? code(name) : `${code(name)} = ${values.join(", ")}`))
    .join("; ");
}
