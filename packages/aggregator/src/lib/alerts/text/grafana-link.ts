import type { Transition } from "@slipstream/alerts";

/** What a notification shows of the time before its alert fired. */
const BEFORE_MS = 30 * 60_000;
const AFTER_MS = 5 * 60_000;

/** Which dashboard of grafana/ shows a statistic, by the beginning of its name. Of other notifications: the alerts. */
const dashboards: readonly (readonly [uid: string, statistics: RegExp])[] = [
  ["slipstream-mev", /^mev_/],
  ["slipstream-latency", /latency|^trade_confirmation|^node_error|_error_rate/],
  [
    "slipstream-trading",
    /^(trade|success|failure|slippage|pnl|total_pnl|circuit_breaker|active_positions|priority_fees)/,
  ],
  [
    "slipstream-health",
    /^(memory|cpu|active_connections|dependency|service_silent|completeness|sink|blocks|log_used|disk|canary)/,
  ],
];
const ALERTS = "slipstream-alerts";

/**
 * The notification with a link to the dashboard in Grafana that shows what it is about, at the time when it fired.
 * @param grafanaUrl address at which people reach Grafana
 */
export function withGrafanaLink(transition: Transition, grafanaUrl: string): Transition {
  const { text, statistic, kind, firedMs, atMs, eventMs, desk, deskIsService } = transition;
  const uid = dashboards.find(([, names]) => statistic !== null && names.test(statistic))?.[0] ?? ALERTS;
  // A query, such as `?orgId=2`, stays.
  const url = new URL(grafanaUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/d/${uid}`;
  url.hash = "";
  // A login in it is for doctor.
  url.username = "";
  url.password = "";
  url.searchParams.set("from", String(Math.min(firedMs, eventMs ?? firedMs) - BEFORE_MS));
  url.searchParams.set("to", kind === "resolved" ? String(atMs + AFTER_MS) : "now");
  if (desk !== undefined && deskIsService !== true) url.searchParams.set("var-desk", desk);
  return { ...transition, text: { ...text, links: [...text.links, { name: "Dashboard", url: url.href }] } };
}
