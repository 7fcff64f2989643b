import { escapeHelp } from "./escape.ts";
import { createFamilyWriter } from "./family-writer.ts";
import type { MetricFamily } from "./model.ts";
import { valueText } from "./number-text.ts";

/** The Prometheus text format's media type. */
export const prometheusContentType = "text/plain; version=0.0.4; charset=utf-8";

const write = createFamilyWriter({
  header: ({ name, help, kind }) => `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${kind}`,
  bound: valueText,
  exemplar: () => "",
});

/**
 * Families in the Prometheus text format 0.0.4: names exactly as defined, HELP and TYPE also for a family without
 * samples. The format has no exemplars. Source: prometheus.io/docs/instrumenting/exposition_formats.
 */
export function renderPrometheus(families: readonly MetricFamily[]): string {
  return families.length === 0 ? "" : `${write(families)}\n`;
}
