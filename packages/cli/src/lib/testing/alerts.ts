import type { AlertAnswer, AlertsAnswer } from "../client/alerts-schema.ts";

/** An alert that fires, as `/api/alerts` has it. */
export function alertAnswer(over: Partial<AlertAnswer> = {}): AlertAnswer {
  return {
    id: "node-latency-critical",
    rule: "node-latency-critical",
    labels: {},
    state: "firing",
    noData: false,
    reason: null,
    since: "2026-01-02T03:03:31.000Z",
    value: 245,
    worst: 300,
    unit: "ms",
    count: 500,
    severity: "critical",
    episode: 1,
    occurrence: 1,
    acknowledged: null,
    silencedBy: null,
    inhibitedBy: null,
    ...over,
  };
}

export function alertsAnswer(...alerts: readonly AlertAnswer[]): AlertsAnswer {
  const count = (state: AlertAnswer["state"]): number =>
    alerts.filter((alert) => alert.state === state).length;
  const states = { firing: count("firing"), pending: count("pending"), no_data: count("no_data") };
  return { alerts, states, rules: [{ rule: "node-latency-critical", state: "firing" }], digest: null };
}

/** One that has no data. */
export const noDataAlert: AlertAnswer = alertAnswer({
  id: "mev-avoidance-low",
  rule: "mev-avoidance-low",
  ...{ state: "no_data", noData: true, reason: "no MEV verdicts yet", value: null, severity: "warning" },
});
