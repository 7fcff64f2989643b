import type { Severity } from "./rule.ts";

/** A number of seconds, or a text such as "90s", "5m" or "1h30m". */
export type Duration = number | string;

/**
 * A rule as people write it. With the id of a rule that Slipstream ships it changes that rule, and only what it holds; with another id it is a
 * new rule, which needs `severity` and `when`. docs/alerts.md explains every field.
 */
export interface UserRule {
  /** Lower-case words and numbers joined by hyphens. */
  readonly id: string;
  readonly severity?: Severity;
  /** The condition, `node_latency_p99 > 200 ms`, or `daily_summary` or `benchmark_results`. */
  readonly when?: string;
  /** false: the rule is off. */
  readonly enabled?: boolean;
  /** How long the condition must hold before it fires. Default: 0. */
  readonly for?: Duration;
  /** How long it must no longer hold before it resolves. Default: 0. */
  readonly clearFor?: Duration;
  /** Value that it must be back behind before it resolves. Default: the condition's threshold. */
  readonly clearThreshold?: number | string | null;
  /** With fewer samples the value is unknown. */
  readonly minSamples?: number;
  /** No second notification within this time. Default: 5 minutes. */
  readonly suppress?: Duration;
  /** false: it does not escalate. */
  readonly escalation?:
    | false
    | {
        /** Occurrences. Default: 3. */
        readonly after?: number;
        /** Default: one step up. */
        readonly severity?: Severity;
        /** Further channels from then on. */
        readonly channels?: readonly string[];
      };
  /** Rules that it mutes while it fires, by id, or with the labels that must be the same on both. */
  readonly mutes?: readonly (string | { readonly rule: string; readonly equal?: readonly string[] })[];
  /** Constant labels of its alerts. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly title?: string;
  readonly message?: string;
  readonly detail?: string | null;
  readonly impact?: string | null;
  readonly action?: string | null;
  readonly recommendation?: string | null;
  /** An address. */
  readonly runbook?: string | null;
}

/** Every field, in the order of the documentation. */
export const ruleFields: readonly (keyof UserRule)[] = [
  "id",
  "severity",
  "when",
  "enabled",
  "for",
  "clearFor",
  "clearThreshold",
  "minSamples",
  "suppress",
  "escalation",
  "mutes",
  "labels",
  "title",
  "message",
  "detail",
  "impact",
  "action",
  "recommendation",
  "runbook",
];

/** What other systems call a field. */
export const otherNames: Readonly<Record<string, keyof UserRule>> = {
  alert: "id",
  name: "id",
  condition: "when",
  expr: "when",
  expression: "when",
  statistic: "when",
  metric: "when",
  comparison: "when",
  operator: "when",
  threshold: "when",
  window: "when",
  disabled: "enabled",
  off: "enabled",
  pending: "for",
  keep_firing_for: "clearFor",
  samples: "minSamples",
  suppression: "suppress",
  repeat_interval: "suppress",
  inhibits: "mutes",
  summary: "title",
  description: "message",
  runbook_url: "runbook",
};

/** The fields of a rule alone, of an object that has more. */
export function fieldsOf(rule: UserRule): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    ruleFields.flatMap((field) => (rule[field] === undefined ? [] : [[field, rule[field]]])),
  );
}
