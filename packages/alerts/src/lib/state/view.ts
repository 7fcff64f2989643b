import type { Severity } from "../rule/rule.ts";
import type { Alert } from "./alert.ts";
import { alertId } from "./alert-id.ts";
import type { RuleState } from "./rule-state.ts";
import type { Acknowledgement } from "./told.ts";

/** An alert that is not inactive, or a rule none of whose series is known. */
export interface AlertView {
  /** Identity. */
  readonly alert: string;
  readonly rule: string;
  readonly labels: Readonly<Record<string, string>>;
  /** An alert that fires and has no data is `firing`, with `noData`. */
  readonly state: "pending" | "firing" | "no_data";
  readonly noData: boolean;
  /** Why there is no data. */
  readonly reason: string | null;
  /** Since when it is in this state, Unix ms, time of receipt. */
  readonly sinceMs: number;
  readonly value: number | string | null;
  readonly worst: number | string | null;
  readonly unit: string;
  readonly count: number;
  readonly severity: Severity;
  /** 0: it has not fired yet. */
  readonly episode: number;
  readonly occurrence: number;
  readonly acknowledged: Acknowledgement | null;
  /** Id of the silence. */
  readonly silencedBy: string | null;
  /** Identity of the alert. */
  readonly inhibitedBy: string | null;
}

/** A rule that is on, and its state: the worst of its alerts'. */
export interface RuleView {
  readonly rule: string;
  readonly state: "inactive" | "pending" | "firing" | "no_data";
  /** Why all series are unknown, or one of them. */
  readonly reason: string | null;
  /** Series that were read last. */
  readonly series: number;
  readonly unknown: number;
  readonly pending: number;
  readonly firing: number;
  /** Series whose condition holds and for which there is no room. */
  readonly beyond: number;
}

export function viewOfAlert(alert: Alert): AlertView {
  const { told, noData, occurrences, fires } = alert;
  return {
    ...{ alert: alert.id, rule: alert.rule.rule.id, labels: alert.labels },
    state: fires ? "firing" : noData === undefined ? "pending" : "no_data",
    noData: noData !== undefined,
    reason: noData?.reason ?? null,
    sinceMs: fires || noData === undefined ? alert.sinceMs : noData.sinceMs,
    ...{ value: alert.value, worst: alert.worst, unit: alert.unit, count: alert.count },
    severity: alert.severity,
    episode: fires ? occurrences.episode : 0,
    occurrence: occurrences.count,
    acknowledged: told.acknowledged ?? null,
    silencedBy: told.silence ?? null,
    inhibitedBy: told.inhibitor ?? null,
  };
}

/** A rule without data that has no alerts. */
export function viewOfUnknown({ rule, alerts, noDataMs, reason }: RuleState): AlertView | undefined {
  if (noDataMs === undefined || alerts.size > 0) return undefined;
  return {
    ...{ alert: alertId(rule.id, rule.labels), rule: rule.id, labels: rule.labels },
    ...{ state: "no_data", noData: true, reason: reason ?? null, sinceMs: noDataMs },
    ...{ value: null, worst: null, unit: "", count: 0, severity: rule.severity, episode: 0, occurrence: 0 },
    ...{ acknowledged: null, silencedBy: null, inhibitedBy: null },
  };
}

export function viewOfRule(state: RuleState): RuleView {
  const { rule, alerts, firing, noDataMs, series, unknown, beyond, reason } = state;
  const pending = alerts.size - firing;
  return {
    rule: rule.id,
    state: firing > 0 ? "firing" : pending > 0 ? "pending" : noDataMs !== undefined ? "no_data" : "inactive",
    reason: reason ?? null,
    ...{ series, unknown, pending, firing, beyond },
  };
}
