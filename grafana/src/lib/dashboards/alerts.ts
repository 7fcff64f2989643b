import { aggregatorMetrics } from "@slipstream/conventions";
import type { DashboardRow, DashboardSpec } from "../build/dashboard.ts";
import { firingStates, upStates } from "../build/mappings.ts";
import { units } from "../build/units.ts";
import { aggregator, dataSource, desk, tablePrefix } from "../build/variables.ts";
import { days } from "../panels/days.ts";
import { stat } from "../panels/stat.ts";
import { stateTimeline } from "../panels/state-timeline.ts";
import { table } from "../panels/table.ts";
import { timeSeries } from "../panels/time-series.ts";
import { maxBy, perMinute, rate, sum, sumBy } from "../promql/functions.ts";
import { prometheusMetrics } from "../promql/other-metrics.ts";
import { AGGREGATOR_JOB, ofAggregator, ofDesk, ofOthers } from "../promql/series.ts";
import { inTable, perDay } from "../queries/history.ts";
import { newest, promql, rows } from "../queries/promql.ts";
import { NO_AGGREGATOR } from "./no-data.ts";

const { alertState, notifications, channelUp, channelQueueItems, channelWaiting } = aggregatorMetrics;
const RULES = "alerts.md#shipped-rules";
const DELIVERY = "alerts.md#delivery";
const fromPrometheus = { alertstate: "firing", source: "prometheus" } as const;

/** What fires, since when, and did anybody hear of it? */
export function alerts(): DashboardSpec {
  return {
    uid: "slipstream-alerts",
    title: "Slipstream: Alerts",
    description: "What fires, since when, and did the notifications arrive?",
    last: "6h",
    refresh: "30s",
    variables: [dataSource("metrics"), dataSource("history"), aggregator(), desk(), tablePrefix()],
    rows: [now, overTime, delivery, past],
  };
}

const now: DashboardRow = {
  title: "Now",
  panels: [
    stat({
      title: "Critical",
      shows: "Critical alerts of the aggregator that fire now.",
      whenBad:
        "Act now. The table beside it names them; the documentation says what each means and what to do.",
      noData:
        "Prometheus does not reach the aggregator, so nothing is known of its alerts. Prometheus's own alerts, to the right, still work.",
      page: RULES,
      width: 3,
      height: 8,
      limits: { critical: 1 },
      queries: [newest(sum(ofDesk(alertState, { severity: "critical" })), "critical")],
    }),
    stat({
      title: "Warnings",
      shows: "Warnings of the aggregator that fire now.",
      whenBad: "Look at them today. An alert that comes back three times becomes critical.",
      noData: "Prometheus does not reach the aggregator, or no rule is a warning.",
      page: RULES,
      width: 3,
      height: 8,
      limits: { warning: 1 },
      queries: [newest(sum(ofDesk(alertState, { severity: "warning" })), "warnings")],
    }),
    table({
      title: "Firing, by the aggregator",
      shows: "Alerts of the aggregator that fire now.",
      whenBad:
        "`slipstream alerts` has the values and since when. Acknowledge one with `slipstream alerts ack` to stop its repeats.",
      noData:
        "Nothing fires, or Prometheus does not reach the aggregator: the two counts to the left say which.",
      page: RULES,
      width: 9,
      queries: [rows(`${ofDesk(alertState)} == 1`)],
      columns: [
        { field: "severity", name: "Severity" },
        { field: "alert", name: "Alert" },
      ],
    }),
    table({
      title: "Firing, by Prometheus",
      shows:
        "Alerts that Prometheus's own rules raise, from what services and the Collector send to it. While the aggregator runs, Alertmanager sends an alert that both raise once.",
      whenBad:
        "If `aggregator-down` is among them: check whether the aggregator runs, what its log says, and the address that Prometheus scrapes.",
      noData: "None of Prometheus's rules fires, or it has not loaded them: see rule failures below.",
      page: "alerts.md#prometheus",
      width: 9,
      queries: [rows(sumBy(["alertname", "severity"], ofOthers(prometheusMetrics.alerts, fromPrometheus)))],
      columns: [
        { field: "severity", name: "Severity" },
        { field: "alertname", name: "Alert" },
        { field: "Value", name: "Series", unit: units.count },
      ],
    }),
  ],
};

const overTime: DashboardRow = {
  title: "Over time",
  panels: [
    stateTimeline({
      title: "When alerts fired, by the aggregator",
      shows:
        "Each alert of the aggregator that has been evaluated: green while quiet, red while it fired. Where nothing is drawn, nothing is known.",
      whenBad:
        "An alert that comes and goes: its threshold is where the value usually is. Give it a `clearThreshold`, or another threshold.",
      noData: NO_AGGREGATOR,
      page: "alerts.md#states",
      width: 24,
      height: 12,
      mappings: firingStates,
      queries: [promql(ofDesk(alertState), "{{alert}} ({{severity}})")],
    }),
    timeSeries({
      title: "Firing by severity",
      shows: "How many alerts fired at the same time.",
      whenBad: "Many at once have one cause: look for the first of them above.",
      noData: NO_AGGREGATOR,
      page: "alerts.md#states",
      width: 12,
      unit: units.count,
      min: 0,
      queries: [promql(sumBy(["severity"], ofDesk(alertState)), "{{severity}}")],
    }),
    timeSeries({
      title: "Firing in Prometheus",
      shows: "Alerts that Prometheus's own rules raised, by name.",
      whenBad:
        "One that fires here and not above: the two see different data. Services that send to Prometheus only, or spans that are lost.",
      noData: "None fired, or Prometheus has not loaded its rules.",
      page: "alerts.md#prometheus",
      width: 12,
      unit: units.count,
      min: 0,
      queries: [
        promql(sumBy(["alertname"], ofOthers(prometheusMetrics.alerts, fromPrometheus)), "{{alertname}}"),
      ],
    }),
  ],
};

const delivery: DashboardRow = {
  title: "Did the notifications arrive?",
  panels: [
    timeSeries({
      title: "Notifications by outcome",
      shows:
        "Notifications of the aggregator per minute by what became of them. failed: attempts that are repeated. refused: the receiver does not take it, and it is given up.",
      whenBad:
        "failed, refused or dropped: `slipstream rules test` sends a test through each channel and prints its answer.",
      noData: "No channel is configured: nobody is notified.",
      page: DELIVERY,
      width: 8,
      unit: units.perMinute,
      min: 0,
      stacked: true,
      queries: [promql(perMinute(sumBy(["outcome"], rate(ofAggregator(notifications)))), "{{outcome}}")],
    }),
    stateTimeline({
      title: "Channels",
      shows: "Whether each channel took the last message.",
      whenBad:
        "down: the receiver cannot be reached, or refuses. Its notifications wait; those of other channels do not.",
      noData: "No channel is configured, or none has had a message yet.",
      page: "alerts.md#channels",
      width: 8,
      height: 8,
      mappings: upStates,
      queries: [promql(ofAggregator(channelUp), "{{channel}}")],
    }),
    timeSeries({
      title: "Notifications that wait",
      shows: "Notifications that wait for each channel, and how long the oldest has waited (right).",
      whenBad: "They wait until the receiver is back. If it never comes back, remove the channel.",
      noData: "No channel is configured.",
      page: DELIVERY,
      width: 8,
      unit: units.count,
      min: 0,
      right: { series: "longest wait", unit: units.seconds },
      queries: [
        promql(ofAggregator(channelQueueItems), "{{channel}}"),
        promql(maxBy(["job"], ofAggregator(channelWaiting)), "longest wait"),
      ],
    }),
    timeSeries({
      title: "Prometheus to Alertmanager",
      shows: "Notifications per minute that Prometheus could not give to Alertmanager, and those that wait.",
      whenBad: "Check whether Alertmanager runs, and its address in `prometheus/targets`.",
      noData: "Prometheus does not scrape itself.",
      page: "alerts.md#prometheus",
      width: 8,
      unit: units.perMinute,
      min: 0,
      queries: [
        promql(perMinute(sum(rate(ofOthers(prometheusMetrics.notificationsDropped)))), "dropped"),
        promql(perMinute(sum(rate(ofOthers(prometheusMetrics.notificationErrors)))), "errors"),
        promql(sum(ofOthers(prometheusMetrics.notificationQueue)), "waiting (number)"),
      ],
    }),
    timeSeries({
      title: "Rules of Prometheus that failed",
      shows: "Evaluations of rules per minute that ended with an error.",
      whenBad: "`promtool check rules prometheus/rules/*.yml`, and Prometheus's page /rules names the rule.",
      noData: "Prometheus does not scrape itself.",
      page: "alerts.md#prometheus",
      width: 8,
      unit: units.perMinute,
      min: 0,
      queries: [promql(perMinute(sum(rate(ofOthers(prometheusMetrics.ruleFailures)))), "failed")],
    }),
    timeSeries({
      title: "Aggregators that Prometheus reaches",
      shows:
        "1 while Prometheus reaches the aggregator, 0 while it does not. Without it only Prometheus's own rules watch the desk.",
      whenBad:
        "0: check whether the aggregator runs, and its address and token in Prometheus's configuration.",
      noData: "Prometheus is not configured to scrape an aggregator.",
      page: "deploy.md",
      width: 8,
      unit: units.count,
      min: 0,
      max: 1,
      queries: [promql(ofOthers(prometheusMetrics.up, { job: AGGREGATOR_JOB }), "{{instance}}")],
    }),
  ],
};

const past: DashboardRow = {
  title: "History, from QuestDB",
  panels: [
    table({
      title: "What happened",
      shows:
        "The newest transitions of alerts in the time shown, with the value that brought each about. muted: why nobody was told.",
      whenBad: "An alert that fires every night: what runs then?",
      noData:
        "Nothing happened in the time shown, or the aggregator has no QuestDB (`--questdb`), or writes under a prefix: set the dashboard's variable table_prefix.",
      page: "history.md#alerts",
      width: 16,
      height: 10,
      queries: [inTable.alerts()],
      columns: [
        { field: "time", name: "Time" },
        { field: "severity", name: "Severity" },
        { field: "alert", name: "Alert" },
        { field: "transition", name: "Transition" },
        { field: "service", name: "Service" },
        { field: "value", name: "Value" },
        { field: "threshold", name: "Threshold" },
        { field: "unit", name: "Unit" },
        { field: "muted", name: "Muted" },
        { field: "message", name: "Message" },
      ],
    }),
    days({
      title: "Alerts of each day",
      shows: "How often alerts began to fire on each UTC day of the last 90, by severity.",
      whenBad: "More than a few a day and nobody reads them: raise thresholds, or mend the causes.",
      noData: "None fired, or the aggregator has no QuestDB.",
      page: "history.md#alerts",
      width: 8,
      height: 10,
      unit: units.count,
      min: 0,
      stacked: true,
      queries: [perDay.alerts()],
    }),
  ],
};
