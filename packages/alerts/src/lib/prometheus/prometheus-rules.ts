import { DEFAULT_SERVICE } from "../message/alert-service.ts";
import { ruleStatistic } from "../rule/catalogue.ts";
import type { Condition } from "../rule/condition.ts";
import { durationText } from "../rule/duration.ts";
import type { Rule } from "../rule/rule.ts";
import { burnRateRules } from "./burn-rate.ts";
import { type Expression, expressionOf } from "./expression.ts";
import { aggregatorDown } from "./own-alerts.ts";
import { indented, quoted } from "./promql.ts";
import type { AlertingRule, PrometheusRules } from "./rule-file.ts";
import { defaultPrometheusSettings, type PrometheusSettings } from "./settings.ts";
import { seenRecord } from "./silence.ts";
import { annotationsOf, literal } from "./texts.ts";

/** How often the objectives are looked at: their shortest window is 5 minutes. */
const OBJECTIVES_INTERVAL = "30s";

/**
 * Rules for Prometheus that say the same as these, from the services' own series, so that Prometheus pages while the aggregator is dead,
 * and from the aggregator's where only the aggregator knows. With them come an alert about the aggregator, and those about objectives.
 */
export function prometheusRules(
  rules: readonly Rule[],
  settings: PrometheusSettings = defaultPrometheusSettings,
): PrometheusRules {
  const { aggregatorJob, scrapeSeconds } = settings;
  const translated = withMutes(
    rules,
    rules.map((rule) => translate(rule, settings)),
  );
  const burn = burnRateRules(settings);
  const interval = durationText(scrapeSeconds);
  return {
    groups: [
      {
        name: "slipstream",
        interval,
        rules: [
          seenRecord(aggregatorJob),
          aggregatorDown(settings),
          ...translated.flatMap(({ alert }) => (alert === undefined ? [] : [alert])),
        ],
      },
      {
        name: "slipstream-objectives",
        interval: OBJECTIVES_INTERVAL,
        rules: [...burn.records, ...burn.alerts],
      },
    ],
    leftOut: [
      ...translated.flatMap(({ id, reason }) => (reason === undefined ? [] : [{ id, reason }])),
      ...burn.leftOut,
    ],
  };
}

interface Translated {
  readonly id: string;
  readonly alert?: AlertingRule;
  readonly reason?: string;
}

/** An alert is not there while one that mutes it fires, for Alertmanager knows nothing of these rules. */
function withMutes(rules: readonly Rule[], translated: readonly Translated[]): readonly Translated[] {
  const there = new Set(translated.filter(({ alert }) => alert !== undefined).map(({ id }) => id));
  return translated.map(({ id, alert, ...rest }) => {
    if (alert === undefined) return { id, ...rest };
    const muting = rules.flatMap((rule) =>
      there.has(rule.id)
        ? rule.mutes.filter((muted) => muted.rule === id).map(({ equal }) => ({ by: rule.id, equal }))
        : [],
    );
    const unless = muting.map(
      ({ by, equal }) =>
        `\nunless on (${[...new Set(["desk", ...equal])].join(", ")})\nALERTS{alertname=${quoted(by)},alertstate="firing",source="prometheus"}`,
    );
    const expr = unless.length === 0 ? alert.expr : `(\n${indented(alert.expr)}\n)${unless.join("")}`;
    return { id, ...rest, alert: { ...alert, expr } };
  });
}

function translate(rule: Rule, settings: PrometheusSettings): Translated {
  const { id, off, when } = rule;
  if (off !== null) return { id, reason: `it is off (${off})` };
  const expression = expressionOf(rule, settings);
  if ("reason" in expression) return { id, reason: expression.reason };
  return typeof when === "string" ? { id } : { id, alert: alertOf(rule, when, expression) };
}

function alertOf(rule: Rule, when: Condition, expression: Expression): AlertingRule {
  const { id, severity, forSeconds, clearForSeconds, labels } = rule;
  const statistic = ruleStatistic(when.statistic);
  const isOfService = Object.hasOwn(statistic?.labels ?? {}, "service");
  const constant = Object.entries(labels).map(([label, text]) => [label, literal(text)]);
  return {
    alert: id,
    expr: expression.expr,
    ...(forSeconds > 0 && { for: durationText(forSeconds) }),
    ...(clearForSeconds > 0 && { keep_firing_for: durationText(clearForSeconds) }),
    labels: {
      ...(Object.fromEntries(constant) as Record<string, string>),
      // As in Slipstream's own alerts, or its inhibition would not hold.
      ...(!isOfService && !Object.hasOwn(labels, "service") && { service: DEFAULT_SERVICE }),
      severity,
      source: "prometheus",
    },
    annotations: annotationsOf(rule, when, expression),
  };
}
