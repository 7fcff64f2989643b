import { exposedType, type MetricDefinition, metricUnitSuffix } from "@slipstream/conventions";
import { escapeLabelValue } from "./escape.ts";
import { createFamilyWriter, type FamilyWriter } from "./family-writer.ts";
import type { MetricFamily } from "./metric-family.ts";
import { canonicalText, valueText } from "./number-text.ts";

/** The OpenMetrics text format's media type. */
export const openMetricsContentType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/**
 * Families in the OpenMetrics text format 1.0, as UTF-8, with exemplars. Samples have the same names as in the
 * Prometheus format. OpenMetrics requires that a counter's samples end with `_total`, and leaves that out of the family's
 * name. A counter with another name therefore has the type `unknown`, which allows any name. Source: OpenMetrics 1.0.
 */
export const encodeOpenMetrics: FamilyWriter = createFamilyWriter({
  header,
  bound: canonicalText,
  exemplar: ({ traceId, value, timestamp }) =>
    ` # {trace_id="${escapeLabelValue(traceId)}"} ${valueText(value)} ${timestamp.toFixed(3)}`,
  end: "# EOF\n",
});

/** As `encodeOpenMetrics`, but as a string. */
export function renderOpenMetrics(families: readonly MetricFamily[]): string {
  return encodeOpenMetrics(families).toString();
}

function header(definition: MetricDefinition): string {
  const { kind, help } = definition;
  const isTotal = kind === "counter" && definition.name.endsWith("_total");
  const name = isTotal ? definition.name.slice(0, -"_total".length) : definition.name;
  const exposed = exposedType(definition);
  const type = exposed === "untyped" || (kind === "counter" && !isTotal) ? "unknown" : exposed;
  const unit = metricUnitSuffix({ ...definition, name });
  const unitLine = unit === undefined ? "" : `# UNIT ${name} ${unit}\n`;
  return `# TYPE ${name} ${type}\n${unitLine}# HELP ${name} ${escapeLabelValue(help)}`;
}
