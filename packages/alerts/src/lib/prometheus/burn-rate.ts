import { serviceMetrics } from "@slipstream/conventions";
import { DEFAULT_SERVICE } from "../message/alert-service.ts";
import { samplesFor } from "../rule/catalogue.ts";
import { durationText } from "../rule/duration.ts";
import type { Severity } from "../rule/rule.ts";
import { DESK_OF_SERVICES, withDesk } from "./desk.ts";
import { bucketLabel, combined, plain, quoted, ranged, type Series, selector } from "./promql.ts";
import type { AlertingRule, RecordingRule } from "./rule-file.ts";
import type { PrometheusSettings } from "./settings.ts";

/**
 * How fast a budget of failures burns, in two windows: the long one says that it matters, the short one that it still goes on. At a
 * rate of 1 the budget of 30 days lasts 30 days.
 * Source: https://sre.google/workbook/alerting-on-slos/, "Multiwindow, Multi-Burn-Rate Alerts"
 */
interface BurnRate {
  readonly rate: number;
  readonly longSeconds: number;
  readonly shortSeconds: number;
}

const HOUR = 3_600;
const FAST: readonly BurnRate[] = [
  { rate: 14.4, longSeconds: HOUR, shortSeconds: 300 },
  { rate: 6, longSeconds: 6 * HOUR, shortSeconds: 1_800 },
];
const SLOW: readonly BurnRate[] = [
  { rate: 3, longSeconds: 24 * HOUR, shortSeconds: 2 * HOUR },
  { rate: 1, longSeconds: 72 * HOUR, shortSeconds: 6 * HOUR },
];

/** A share of trades that should be at least `percent`. */
interface Objective {
  readonly id: string;
  /** Of its recording rules. */
  readonly name: string;
  readonly percent: number;
  readonly good: Series;
  readonly all: Series;
  readonly title: string;
  /** Goes on after "72% of trades". */
  readonly verb: string;
  readonly action: string;
}

export interface BurnRateRules {
  readonly records: readonly RecordingRule[];
  readonly alerts: readonly AlertingRule[];
  /** Of alerts that could never fire. */
  readonly leftOut: readonly { readonly id: string; readonly reason: string }[];
}

/** Recording rules and alerts for the objectives of trades. */
export function burnRateRules(settings: PrometheusSettings): BurnRateRules {
  const all = objectivesOf(settings).map((objective) => rulesOf(objective, settings));
  return {
    records: all.flatMap(({ records }) => records),
    alerts: all.flatMap(({ alerts }) => alerts),
    leftOut: all.flatMap(({ leftOut }) => leftOut),
  };
}

function objectivesOf({ objectives }: PrometheusSettings): readonly Objective[] {
  const { successPercent, latencyPercent, withinMs } = objectives;
  const { trades, tradeExecutionLatency } = serviceMetrics;
  return [
    {
      id: "trade-success-budget",
      name: "trades_succeeded",
      percent: successPercent,
      good: { metric: trades.name, chosen: { status: "success" } },
      all: { metric: trades.name },
      title: "Failed Trades Burn Their Budget",
      verb: "succeeded",
      action: "Look at the reasons of failed trades",
    },
    {
      id: "trade-latency-budget",
      name: "trades_in_time",
      percent: latencyPercent,
      good: {
        metric: `${tradeExecutionLatency.name}_bucket`,
        chosen: { le: bucketLabel(withinMs / 1_000) },
      },
      all: { metric: `${tradeExecutionLatency.name}_count` },
      title: "Slow Trades Burn Their Budget",
      verb: `took ${plain(withinMs)}ms or less`,
      action: "Look at the latency of each step of a trade: quote, simulate, sign, submit",
    },
  ];
}

function rulesOf(objective: Objective, settings: PrometheusSettings): BurnRateRules {
  const { id, percent } = objective;
  const possible = (burns: readonly BurnRate[]): readonly BurnRate[] =>
    burns.filter(({ rate }) => leastShare(percent, rate) > 0);
  const [fast, slow] = [possible(FAST), possible(SLOW)];
  const impossible = [...FAST, ...SLOW].filter((burn) => !fast.includes(burn) && !slow.includes(burn));
  return {
    records: recordsOf(objective, [...fast, ...slow], settings.aggregatorJob),
    alerts: [
      ...(fast.length === 0 ? [] : [alertOf(objective, "critical", fast, settings)]),
      ...(slow.length === 0 ? [] : [alertOf(objective, "warning", slow, settings)]),
    ],
    leftOut: impossible.map(({ rate, longSeconds }) => ({
      id: `${id}, ${rate} times its pace in ${durationText(longSeconds)}`,
      reason: `with an objective of ${percent} % that is more than all trades`,
    })),
  };
}

function recordsOf(
  { name, good, all }: Objective,
  burns: readonly BurnRate[],
  aggregatorJob: string,
): readonly RecordingRule[] {
  const matchers = [`job!=${quoted(aggregatorJob)}`];
  const sum = (call: "rate" | "increase", series: Series, seconds: number): string =>
    combined("sum", [DESK_OF_SERVICES], ranged(call, selector(series, matchers), seconds));
  const long = burns.map(({ longSeconds }) => longSeconds);
  const windows = [...new Set([...burns.map(({ shortSeconds }) => shortSeconds), ...long])].toSorted(
    (a, b) => a - b,
  );
  return [
    ...windows.map((seconds) => ({
      record: ratioName(name, seconds),
      expr: `${sum("rate", good, seconds)}\n/\n${sum("rate", all, seconds)}`,
    })),
    ...long.map((seconds) => ({ record: countName(name, seconds), expr: sum("increase", all, seconds) })),
  ];
}

function alertOf(
  { id, name, percent, title, verb, action }: Objective,
  severity: Severity,
  burns: readonly BurnRate[],
  settings: PrometheusSettings,
): AlertingRule {
  // As many trades as a percentile of the objective needs.
  const least = samplesFor(percent / 100);
  const conditions = burns.map(({ rate, longSeconds, shortSeconds }) => {
    const share = plain(leastShare(percent, rate));
    const enough = `${countName(name, longSeconds)} >= ${least}`;
    return `(\n  ${ratioName(name, longSeconds)} < ${share}\n  and\n  ${ratioName(name, shortSeconds)} < ${share}\n  and\n  ${enough}\n)`;
  });
  const windows = burns.map(({ longSeconds }) => durationText(longSeconds)).join(" or ");
  return {
    // One name for both, so that Alertmanager lets the critical one mute the other.
    alert: id,
    expr: withDesk(conditions.join("\nor\n"), ["services"], settings),
    labels: { service: DEFAULT_SERVICE, severity, source: "prometheus" },
    annotations: {
      summary: title,
      description: `Only {{ $value | humanizePercentage }} of trades ${verb} in the last ${windows} (objective: ${plain(percent)}%)`,
      impact: `At this pace the budget of 30 days is used up within ${lasting(burns)}`,
      action,
    },
  };
}

/** The share of good trades below which the budget burns that fast. */
function leastShare(percent: number, rate: number): number {
  return Number((1 - rate * (1 - percent / 100)).toPrecision(12));
}

function lasting(burns: readonly BurnRate[]): string {
  const days = 30 / Math.min(...burns.map(({ rate }) => rate));
  return `${Math.round(days)} days`;
}

function ratioName(name: string, seconds: number): string {
  return `slipstream:${name}:ratio_rate${durationText(seconds)}`;
}

function countName(name: string, seconds: number): string {
  return `slipstream:${name}:increase${durationText(seconds)}`;
}
