import { type MetricDefinition, metricUnitSuffix } from "@slipstream/conventions";
import type { MetricFamily } from "@slipstream/engine";
import { escapeLabelValue } from "./escape.ts";
import { createFamilyWriter, type FamilyWriter } from "./family-writer.ts";
import { canonicalText, valueText } from "./number-text.ts";

/** The OpenMetrics text format's media type. */
export const openMetricsContentType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/**
 * Families in the OpenMetrics text format 1.0, as UTF-8, with exemplars. Sample names are those of the Prometheus
 * format. There a counter's samples must end with `_total`, which its family's name leaves out; a counter named otherwise
 * has type `unknown`, the only one that leaves its name alone. Source: OpenMetrics 1.0.
 */
export const encodeOpenMetrics: FamilyWriter = createFamilyWriter({
  header,
  bound: canonicalText,
  exemplar: ({ traceId, value, timestamp }) =>
    ` # {trace_id="${escapeLabelValue(traceId)}"} ${valueText(value)} ${timestamp.toFixed(3)}`,
  end: "# EOF\n",
});

/** What `encodeOpenMetrics` gives, as text. */
export function renderOpenMetrics(families: readonly MetricFamily[]): string {
  return encodeOpenMetrics(families).toString();
}

function header(definition: MetricDefinition): string {
  const { kind, help } = definition;
  const isTotal = kind === "counter" && definition.name.endsWith("_total");
  const name = isTotal ? definition.name.slice(0, -"_total".length) : definition.name;
  const type = kind === "counter" && !isTotal ? "unknown" : kind;
  const unit = metricUnitSuffix({ ...definition, name });
  const unitLine = unit === undefined ? "" : `# UNIT ${name} ${unit}\n`;
  return `# TYPE ${name} ${type}\n${unitLine}# HELP ${name} ${escapeLabelValue(help)}`;
}
