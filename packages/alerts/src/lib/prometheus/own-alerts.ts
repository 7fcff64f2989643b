import { DEFAULT_SERVICE } from "../message/alert-service.ts";
import { quoted } from "./promql.ts";
import type { AlertingRule } from "./rule-file.ts";
import type { PrometheusSettings } from "./settings.ts";
import { literal } from "./texts.ts";

/** What only Prometheus can tell: that the aggregator is dead. */
export function aggregatorDown({ aggregatorJob, desk }: PrometheusSettings): AlertingRule {
  const up = `up{job=${quoted(aggregatorJob)}}`;
  return {
    alert: "aggregator-down",
    expr: `${up} == 0\nor\nabsent(${up})`,
    for: "1m",
    labels: {
      ...(desk !== undefined && { desk: literal(desk) }),
      service: DEFAULT_SERVICE,
      severity: "critical",
      source: "prometheus",
    },
    annotations: {
      summary: "Aggregator Down",
      description: "Prometheus has not reached the aggregator for a minute",
      impact: "Dashboards and MEV verdicts stand still, and alerts come from Prometheus alone",
      action: "Check whether the aggregator runs, what its log says, and the address that Prometheus scrapes",
    },
  };
}
