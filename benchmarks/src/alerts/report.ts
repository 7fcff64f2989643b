import type { AlertsResult } from "./benchmark.ts";
import type { Delays } from "./delays.ts";

/** What the P99 of Slipstream is to be at most, ms. */
const GOAL_MS = 1_000;

/** The result for people. */
export function alertsText({
  slipstream,
  manySeries,
  prometheus,
  tradesPerSecond,
  trades,
  load,
  notes,
}: AlertsResult): string {
  const goal = slipstream.notified === slipstream.alerts && slipstream.p99 <= GOAL_MS ? "met" : "missed";
  return [
    "From a record that makes a condition true (`for` 0) to the notification at a receiver of webhooks",
    `  Slipstream: ${delaysText(slipstream)}   P99 <= ${GOAL_MS / 1_000} s: ${goal}`,
    `  the same, of a statistic with more than 64 series: ${delaysText(manySeries)}`,
    ...(prometheus === undefined ? [] : [`  Prometheus and Alertmanager: ${delaysText(prometheus)}`]),
    `  - Beside it ${trades} trades, ${tradesPerSecond} a second, 7 spans each; load ${load.from.toFixed(1)} at the start, ${load.to.toFixed(1)} at the end.`,
    "  - Slipstream's time begins when the request is sent, so it holds the way into the log, too. Points are 3 s old: event time has passed them.",
    ...(prometheus === undefined
      ? []
      : [
          "  - Prometheus scrapes and evaluates each 15 s; group_wait is 30 s; each alert is a group of its own. Its time begins when the value changes.",
        ]),
    ...notes.map((note) => `  - ${note}`),
    "",
  ].join("\n");
}

function delaysText({ alerts, notified, p50, p99, longest }: Delays): string {
  const missing = alerts === notified ? "" : `, ${alerts - notified} of ${alerts} MISSING`;
  return `P50 ${text(p50)}, P99 ${text(p99)}, longest ${text(longest)}, ${notified} alerts${missing}`;
}

function text(ms: number): string {
  if (!Number.isFinite(ms)) return "?";
  return ms < 1_000 ? `${ms.toFixed(0)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
