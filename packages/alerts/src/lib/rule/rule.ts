import type { Condition } from "./condition.ts";

export type Severity = "info" | "warning" | "critical";

/** Things that happen once, and have no condition: they are reported and never resolved. */
export type Happening = "daily_summary" | "benchmark_results";

/** What happens after so many occurrences of an alert. */
export interface Escalation {
  /** Occurrences after which it escalates; null: never. */
  readonly after: number | null;
  /** Severity from then on. Default: one step up. */
  readonly severity: Severity;
  /** Names of channels that are notified from then on, in addition to those that the severity leads to. */
  readonly channels: readonly string[];
}

/** A rule, complete: what was left out has its default. All times in seconds. */
export interface Rule {
  /** Lower-case words joined by hyphens. Part of an alert's identity. */
  readonly id: string;
  readonly severity: Severity;
  /** Why it is off; null: it is on. */
  readonly off: string | null;
  /** What makes it fire: a condition on a statistic, or something that happens. */
  readonly when: Condition | Happening;
  /** How long the condition must hold before the alert fires. */
  readonly forSeconds: number;
  /** How long it must no longer hold before the alert resolves. */
  readonly clearForSeconds: number;
  /** Threshold that the value must be back behind before the alert resolves; null: the condition's own. */
  readonly clearThreshold: number | null;
  /** With fewer samples the value counts as unknown. */
  readonly minSamples: number;
  /** No second notification of the same alert within this time. */
  readonly suppressSeconds: number;
  readonly escalation: Escalation;
  /** Rules that this one mutes while it fires, each for the alerts whose labels `equal` are the same. */
  readonly mutes: readonly { readonly rule: string; readonly equal: readonly string[] }[];
  /** First line of a notification. May hold `{placeholders}`: see `message/`. */
  readonly title: string;
  /** Second line. */
  readonly message: string;
  /** Third line, left out if one of its placeholders has no value. */
  readonly detail: string | null;
  readonly impact: string | null;
  /** "Action: ..." */
  readonly action: string | null;
  /** "Recommendation: ..." */
  readonly recommendation: string | null;
  readonly runbook: string | null;
  /** Labels of its alerts beside those of the series. Constant: a value in a label would make an alert of each value. */
  readonly labels: Readonly<Record<string, string>>;
  /** Whether it was shipped with Slipstream, as it is or changed. */
  readonly shipped: boolean;
}
