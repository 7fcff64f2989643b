export { DEFAULT_SERVICE } from "./lib/message/alert-service.ts";
export type { AlertText, TextLine } from "./lib/message/alert-text.ts";
export { filled, filledIfKnown, type Placeholder } from "./lib/message/template.ts";
export { countText, elapsedText, valueText } from "./lib/message/value-text.ts";
export { prometheusRules } from "./lib/prometheus/prometheus-rules.ts";
export type { PrometheusRules } from "./lib/prometheus/rule-file.ts";
export { defaultPrometheusSettings, type PrometheusSettings } from "./lib/prometheus/settings.ts";
export {
  type RuleStatistic,
  ruleStatistic,
  ruleStatistics,
  type StatisticKind,
} from "./lib/rule/catalogue.ts";
export type { Condition, Matcher, Operator } from "./lib/rule/condition.ts";
export type { ConditionProblem } from "./lib/rule/condition-grammar.ts";
export { durationText, parseDuration } from "./lib/rule/duration.ts";
export { patternProblem, seriesMatcher } from "./lib/rule/matchers.ts";
export { problemText, type RuleProblem } from "./lib/rule/problem.ts";
export { conditionText, type ParsedCondition, parseCondition } from "./lib/rule/read-condition.ts";
export { type ReadRules, readRules } from "./lib/rule/read-rules.ts";
export type { Escalation, Happening, Rule, Severity } from "./lib/rule/rule.ts";
export { decodeRules, encodeRules } from "./lib/rule/rule-json.ts";
export { MOST_WINDOWS } from "./lib/rule/rules-together.ts";
export { severities } from "./lib/rule/severity.ts";
export { type RuleParameters, shippedRules } from "./lib/rule/shipped.ts";
export type { Duration, UserRule } from "./lib/rule/user-rule.ts";
export { AlertBook } from "./lib/state/alert-book.ts";
export type { AlertCommand } from "./lib/state/command.ts";
export type { EvaluationTime } from "./lib/state/evaluation-time.ts";
export type { Reading, RuleReadings } from "./lib/state/reading.ts";
export { MOST_SILENCES, type Silence } from "./lib/state/silences.ts";
export type { DigestEntry, EndReason, Muted, Transition, TransitionKind } from "./lib/state/transition.ts";
export type { Describe, TransitionCore } from "./lib/state/transition-writer.ts";
export type { AlertView, RuleView } from "./lib/state/view.ts";
