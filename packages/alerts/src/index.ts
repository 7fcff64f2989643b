export type { AlertText, TextLine } from "./lib/message/alert-text.ts";
export type { Condition, Matcher, Operator } from "./lib/rule/condition.ts";
export type { Escalation, Happening, Rule, Severity } from "./lib/rule/rule.ts";
export type { AlertCommand } from "./lib/state/command.ts";
export type { EvaluationTime, Reading, RuleReadings } from "./lib/state/reading.ts";
export type { Muted, Transition, TransitionKind } from "./lib/state/transition.ts";
