/** A value that Prometheus keeps under a name. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface RuleGroup {
  readonly name: string;
  readonly interval: string;
  readonly rules: readonly (RecordingRule | AlertingRule)[];
}

/** What a file of rules for Prometheus holds. */
export interface PrometheusRules {
  readonly groups: readonly RuleGroup[];
  /** Rules that it does not have, and why. */
  readonly leftOut: readonly { readonly id: string; readonly reason: string }[];
}
