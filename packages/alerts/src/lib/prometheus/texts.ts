import { filled, filledIfKnown } from "../message/template.ts";
import { valueText } from "../message/value-text.ts";
import { ruleStatistic } from "../rule/catalogue.ts";
import type { Condition } from "../rule/condition.ts";
import { durationText } from "../rule/duration.ts";
import type { Rule } from "../rule/rule.ts";
import type { Expression, ValueOf } from "./expression.ts";

/** Annotations of an alert, as templates of Prometheus, under the names that Slipstream gives them in Alertmanager. */
export function annotationsOf(
  rule: Rule,
  when: Condition,
  expression: Expression,
): Readonly<Record<string, string>> {
  const { value } = expression;
  const known = (name: string): string | undefined => placeholder(name, rule, when, expression);
  const text = (template: string): string => filled(template, known, literal);
  const within =
    value.is === "within"
      ? `{{ $value | humanizePercentage }} of ${value.what} took ${thresholdText(when)} or less`
      : null;
  const detail = rule.detail && filledIfKnown(rule.detail, known, literal);
  const texts = {
    summary: text(rule.title),
    description: [text(rule.message), within, detail].filter(Boolean).join("\n"),
    impact: rule.impact && text(rule.impact),
    action: rule.action && text(rule.action),
    recommendation: rule.recommendation && text(rule.recommendation),
    runbook_url: rule.runbook && literal(rule.runbook),
  };
  return Object.fromEntries(
    Object.entries(texts).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}

/** A text that Prometheus does not take for a template. */
export function literal(text: string): string {
  return text.replaceAll("{{", '{{ "{{" }}');
}

/** A threshold with its unit, as Slipstream writes it: "200ms". */
function thresholdText({ statistic, threshold }: Condition): string {
  return valueText(threshold, ruleStatistic(statistic)?.unit ?? "");
}

function placeholder(
  name: string,
  rule: Rule,
  when: Condition,
  { value, windowSeconds }: Expression,
): string | undefined {
  const statistic = ruleStatistic(when.statistic);
  switch (name) {
    case "value":
    case "worst":
      return valueTemplate(value, when);
    case "threshold":
      return thresholdText(when);
    case "unit":
      return statistic?.unit;
    case "window":
      return windowSeconds === undefined ? undefined : durationText(windowSeconds);
    default:
      if (Object.hasOwn(rule.labels, name)) return literal(rule.labels[name] ?? "");
      return statistic !== undefined && Object.hasOwn(statistic.labels, name)
        ? `{{ $labels.${name} }}`
        : undefined;
  }
}

function valueTemplate(value: ValueOf, when: Condition): string {
  const { operator } = when;
  switch (value.is) {
    case "ratio":
      return "{{ $value | humanizePercentage }}";
    case "seconds":
      return "{{ $value | humanizeDuration }}";
    case "bytes":
      return "{{ $value | humanize1024 }}B";
    case "usd":
      return `$${'{{ printf "%.2f" $value }}'}`;
    case "number":
      return "{{ $value | humanize }}";
    case "within":
      return `${operator.startsWith(">") ? "over" : "at most"} ${thresholdText(when)}`;
    case "word":
      return `${operator === "!=" ? "not " : ""}${thresholdText(when)}`;
  }
}
