import { exposedType } from "@slipstream/conventions";
import { escapeHelp } from "./escape.ts";
import { createFamilyWriter, type FamilyWriter } from "./family-writer.ts";
import type { MetricFamily } from "./metric-family.ts";
import { valueText } from "./number-text.ts";

/** The Prometheus text format's media type. */
export const prometheusContentType = "text/plain; version=0.0.4; charset=utf-8";

/**
 * Families in the Prometheus text format 0.0.4, as UTF-8: names exactly as defined, HELP and TYPE also for a family
 * without samples. The format has no exemplars. Source: prometheus.io/docs/instrumenting/exposition_formats.
 */
export const encodePrometheus: FamilyWriter = createFamilyWriter({
  header: (definition) => {
    const { name, help } = definition;
    return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${exposedType(definition)}`;
  },
  bound: valueText,
  exemplar: () => "",
  end: "",
});

/** As `encodePrometheus`, but as a string. */
export function renderPrometheus(families: readonly MetricFamily[]): string {
  return encodePrometheus(families).toString();
}
