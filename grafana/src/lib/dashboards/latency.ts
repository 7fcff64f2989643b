import {
  aggregatorMetrics,
  callLatencyMetrics,
  type MetricDefinition,
  serviceMetrics,
  spanName,
  type TradeLabel,
  tradeLabelMetrics,
} from "@slipstream/conventions";
import type { DashboardRow, DashboardSpec, PanelToPlace } from "../build/dashboard.ts";
import { type Limits, ruleThreshold } from "../build/thresholds.ts";
import { units } from "../build/units.ts";
import { aggregator, dataSource, desk, instance, job, operation, tablePrefix } from "../build/variables.ts";
import { days } from "../panels/days.ts";
import { heatmap } from "../panels/heatmap.ts";
import { table } from "../panels/table.ts";
import { timeSeries } from "../panels/time-series.ts";
import { traces } from "../panels/traces.ts";
import { increase, maxBy, perMinute, RATE_WINDOW, rate, share, sum, sumBy } from "../promql/functions.ts";
import { anyOf, bucketsOf, countOf, ofDesk, ofServices, sumOf } from "../promql/series.ts";
import { perDay } from "../queries/history.ts";
import { heat, promql, rows } from "../queries/promql.ts";
import { traceql } from "../queries/traceql.ts";
import { slowCalls, slowTrades } from "../queries/trade-searches.ts";
import { NO_QUESTDB, NO_SERVICE_METRICS } from "./no-data.ts";
import { percentiles } from "./percentiles.ts";

const { latency: quantiles, operationLatency, tradeConfirmation } = aggregatorMetrics;
const { tradeExecutionLatency, solanaNodeLatency, jupiterApiLatency, databaseWriteLatency } = serviceMetrics;

const tradeSeconds = ruleThreshold("trade-latency-high");
const nodeSeconds = ruleThreshold("node-latency-critical");
const tradeLimits = { warning: tradeSeconds };
const nodeLimits = { critical: nodeSeconds };
const operationLimits = { warning: ruleThreshold("operation-latency-high") };

/** Which step is slow, since when, and for whom? */
export function latency(): DashboardSpec {
  return {
    uid: "slipstream-latency",
    title: "Slipstream: Latency",
    description: "Which step is slow, since when, and for which trades?",
    last: "1h",
    refresh: "30s",
    variables: [
      dataSource("metrics"),
      dataSource("traces"),
      dataSource("history"),
      aggregator(),
      desk(),
      operation(),
      job(),
      instance(),
      tablePrefix(),
    ],
    rows: [
      tradesRow,
      nodeRow,
      jupiterRow,
      databaseRow,
      operationsRow,
      labelsRow,
      servicesRow,
      tracesRow,
      monthsRow,
    ],
  };
}

/** A histogram, its percentiles and the share within a bound stand beside each other, for each kind of call. */
interface Calls {
  readonly what: string;
  readonly metric: MetricDefinition;
  readonly whenBad: string;
  readonly noData: string;
}

function distribution({ what, metric, whenBad, noData }: Calls, width: number): PanelToPlace {
  return heatmap({
    title: `Distribution of ${what}`,
    shows: `How many ${what} took how long: each cell is a bucket of \`${metric.name}\`, brighter if more fell into it. The topmost row is everything slower than the largest bound. Dots are single calls: click one to open its trace.`,
    whenBad,
    noData: `${noData} Dots need exemplars: Prometheus has to run with \`--enable-feature=exemplar-storage\`.`,
    page: "metrics.md",
    width,
    queries: [heat(sumBy(["le"], increase(ofDesk(bucketsOf(metric)), RATE_WINDOW)))],
  });
}

function percentilesOf(calls: Calls, operations: string, limits: Limits, width: number): PanelToPlace {
  return timeSeries({
    title: `Percentiles of ${calls.what}`,
    shows: `Percentiles of the last five minutes at each point, exact to 0.5 %: they are not made of the buckets, so they are true above the largest bound too.`,
    whenBad: calls.whenBad,
    noData: calls.noData,
    page: "alerts.md#shipped-rules",
    width,
    height: 9,
    unit: units.seconds,
    min: 0,
    limits,
    queries: percentiles((quantile) => ofDesk(quantiles, { operation: operations, quantile })),
  });
}

/** The threshold is a bound of the histogram, so this is exact; a percentile made of buckets could not exceed the last one. */
function withinBound({ what, metric, whenBad, noData }: Calls, seconds: number, width: number): PanelToPlace {
  const within = `within ${seconds * 1000} ms`;
  return timeSeries({
    title: `Share of ${what} ${within}`,
    shows: `Exact, because ${seconds * 1000} ms is a bound of the histogram. Below 99 %, P99 is above the threshold. The dashed grey line is how many a minute it is a share of.`,
    whenBad,
    noData,
    page: "metrics.md",
    width,
    height: 9,
    unit: units.ratio,
    max: 1,
    limits: { badBelow: true, warning: 0.99 },
    right: { series: "per minute", unit: units.perMinute },
    queries: [
      promql(
        share(
          sum(rate(ofDesk(bucketsOf(metric), { le: String(seconds) }))),
          sum(rate(ofDesk(countOf(metric)))),
        ),
        within,
      ),
      promql(perMinute(sum(rate(ofDesk(countOf(metric))))), "per minute"),
    ],
  });
}

const tradeCalls: Calls = {
  what: "trades",
  metric: tradeExecutionLatency,
  whenBad:
    "See which of the rows below changed at the same time: node, Jupiter or database. Then open a slow trade's trace.",
  noData: "No trade has ended.",
};

const tradesRow: DashboardRow = {
  title: "Trades: from the decision until the network accepts the transaction",
  panels: [
    distribution(tradeCalls, 8),
    percentilesOf(tradeCalls, spanName.tradeExecute, tradeLimits, 8),
    withinBound(tradeCalls, tradeSeconds, 8),
    heatmap({
      title: "Distribution of confirmations",
      shows:
        "How long it took from the decision until the transaction was confirmed. A slot alone takes about 400 ms.",
      whenBad:
        "The chain is busy, or the fee too low for it: compare with other desks, and see `slipstream mev advise`.",
      noData: "No trade says when it was confirmed (`trade.confirm_ms`).",
      page: "attributes.md",
      width: 12,
      queries: [heat(sumBy(["le"], increase(ofDesk(bucketsOf(tradeConfirmation)), RATE_WINDOW)))],
    }),
    timeSeries({
      title: "Mean time to confirmation",
      shows:
        "Mean of the trades confirmed, and how many were confirmed a minute. A mean hides the slowest: the distribution beside it shows them.",
      whenBad:
        "If it rises and the latency of trades does not, the chain is slow to confirm, not the desk to send.",
      noData: "No trade says when it was confirmed (`trade.confirm_ms`).",
      page: "attributes.md",
      width: 12,
      height: 9,
      unit: units.seconds,
      min: 0,
      right: { series: "per minute", unit: units.perMinute },
      queries: [
        promql(
          share(sum(rate(ofDesk(sumOf(tradeConfirmation)))), sum(rate(ofDesk(countOf(tradeConfirmation))))),
          "mean",
        ),
        promql(perMinute(sum(rate(ofDesk(countOf(tradeConfirmation))))), "per minute"),
      ],
    }),
  ],
};

const nodeCalls: Calls = {
  what: "calls of the Solana node",
  metric: solanaNodeLatency,
  whenBad: "Check the node's health and load, or switch to the backup. The breaker may open.",
  noData: "No service has called a node.",
};

const nodeRow: DashboardRow = {
  title: "Solana node: JSON-RPC calls, failed ones too",
  panels: [
    distribution(nodeCalls, 8),
    percentilesOf(nodeCalls, spanName.solanaRpc, nodeLimits, 8),
    withinBound(nodeCalls, nodeSeconds, 8),
  ],
};

const jupiterCalls: Calls = {
  what: "calls of Jupiter",
  metric: jupiterApiLatency,
  whenBad: "See Jupiter's status page. A quote that takes long is old when it is used: slippage follows.",
  noData: "No service has called Jupiter.",
};

const jupiterRow: DashboardRow = {
  title: "Jupiter",
  panels: [
    distribution(jupiterCalls, 8),
    percentilesOf({ ...jupiterCalls, what: "quotes" }, spanName.jupiterQuote, operationLimits, 8),
    percentilesOf({ ...jupiterCalls, what: "swap requests" }, spanName.jupiterSwap, operationLimits, 8),
  ],
};

const databaseCalls: Calls = {
  what: "database writes",
  metric: databaseWriteLatency,
  whenBad:
    "Look at the load and the disk of the data store. If writes are part of a trade, move them out of it.",
  noData: "No service has written to a database.",
};

const databaseRow: DashboardRow = {
  title: "Databases",
  panels: [
    distribution(databaseCalls, 12),
    percentilesOf(databaseCalls, spanName.dbWrite, operationLimits, 12),
  ],
};

const chosen = { operation: anyOf("operation") } as const;

const operationsRow: DashboardRow = {
  title: "Operations chosen above",
  panels: [
    timeSeries({
      title: "P99 by operation",
      shows:
        "P99 of the last five minutes of each operation. With fewer than 100 calls it is simply the slowest one. The line is where an alert fires for operations without a rule of their own.",
      whenBad: "Take the operation that moved first: the others may only wait for it.",
      noData: "None of these operations ended in the last five minutes.",
      page: "alerts.md#shipped-rules",
      width: 12,
      unit: units.seconds,
      min: 0,
      limits: operationLimits,
      queries: [promql(ofDesk(quantiles, { ...chosen, quantile: "0.99" }), "{{operation}}")],
    }),
    timeSeries({
      title: "Calls by operation",
      shows: "Calls per minute of each operation, failed ones too.",
      whenBad: "A sudden rise: retries. A fall to 0: what is the trade waiting for?",
      noData: "None of these operations has been seen.",
      page: "metrics.md",
      width: 12,
      unit: units.perMinute,
      min: 0,
      queries: [
        promql(
          perMinute(sumBy(["operation"], rate(ofDesk(countOf(operationLatency), chosen)))),
          "{{operation}}",
        ),
      ],
    }),
    table({
      title: "Operations",
      shows: "Percentiles of the last five minutes, and calls per minute.",
      whenBad: "A large distance between P50 and P99: single calls hang. Look for timeouts and retries.",
      noData: "None of these operations ended in the last five minutes.",
      page: "metrics.md",
      width: 24,
      queries: [
        ...aggregatorMetrics.latency.labels.quantile.map((quantile) =>
          rows(maxBy(["operation"], ofDesk(quantiles, { ...chosen, quantile }))),
        ),
        rows(perMinute(sumBy(["operation"], rate(ofDesk(countOf(operationLatency), chosen))))),
      ],
      columns: [
        { field: "operation", name: "Operation" },
        { field: "Value #A", name: "P50", unit: units.seconds, decimals: 1 },
        { field: "Value #B", name: "P95", unit: units.seconds, decimals: 1 },
        { field: "Value #C", name: "P99", unit: units.seconds, decimals: 1 },
        { field: "Value #D", name: "P99.9", unit: units.seconds, decimals: 1 },
        { field: "Value #E", name: "Calls", unit: units.perMinute, decimals: 1 },
      ],
      largestFirst: "P99",
    }),
  ],
};

function tradesBy(label: TradeLabel, by: string, whenBad: string): PanelToPlace {
  return timeSeries({
    title: `Trade latency P99 by ${by}`,
    shows: `P99 of the trades of the last five minutes by ${by}. With fewer than 100 trades it is simply the slowest one. Values beyond the limit are "other".`,
    whenBad,
    noData: "No trade ended in the last five minutes.",
    page: "metrics.md#by-label-from-the-aggregator-only",
    width: 8,
    unit: units.seconds,
    min: 0,
    limits: tradeLimits,
    queries: [promql(ofDesk(tradeLabelMetrics[label].latency, { quantile: "0.99" }), `{{${label}}}`)],
  });
}

const callsBy: readonly (readonly [what: string, metric: MetricDefinition, limits: Limits])[] = [
  ["Node calls", callLatencyMetrics.node, nodeLimits],
  ["Jupiter calls", callLatencyMetrics.jupiter, operationLimits],
  ["Database writes", callLatencyMetrics.database, operationLimits],
];

const labelsRow: DashboardRow = {
  title: "For whom",
  panels: [
    tradesBy("strategy", "strategy", "One strategy alone is slow: what does it do before it sends?"),
    tradesBy(
      "protection",
      "protection",
      "A protection that costs more time than it saves money: see its benefit on the MEV dashboard.",
    ),
    tradesBy(
      "landing_service",
      "landing service",
      "One service alone is slow: send through another, or closer to it.",
    ),
    ...callsBy.map(([what, metric, limits]) =>
      timeSeries({
        title: `${what} P99 by service`,
        shows: "P99 of the last five minutes, by the trading service that makes the calls.",
        whenBad: "One service alone: its host or network. All of them: the other side.",
        noData: "No service made such calls in the last five minutes.",
        page: "metrics.md#by-label-from-the-aggregator-only",
        width: 8,
        unit: units.seconds,
        min: 0,
        limits,
        queries: [promql(ofDesk(metric, { quantile: "0.99" }), "{{service}}")],
      }),
    ),
  ],
};

const servicesRow: DashboardRow = {
  title: "As the services report it themselves (the same trades, counted a second time: never add the two)",
  panels: [
    timeSeries({
      title: "Share of trades within the threshold, by service",
      shows: `Share of trades within ${tradeSeconds * 1000} ms by the services' own histograms. It works while the aggregator is down.`,
      whenBad:
        "If it differs from the panel at the top, spans are lost on the way: see completeness in Services and pipeline health.",
      noData: NO_SERVICE_METRICS,
      page: "metrics.md#from-a-trading-service-and-from-the-aggregator-under-its-own-job",
      width: 12,
      unit: units.ratio,
      max: 1,
      limits: { badBelow: true, warning: 0.99 },
      queries: [
        promql(
          share(
            sumBy(
              ["job"],
              rate(
                ofServices(bucketsOf(tradeExecutionLatency), {
                  le: String(tradeSeconds),
                }),
              ),
            ),
            sumBy(["job"], rate(ofServices(countOf(tradeExecutionLatency)))),
          ),
          "{{job}}",
        ),
      ],
    }),
    timeSeries({
      title: "Mean trade latency, by process",
      shows:
        "Mean latency of each process's trades. A mean hides the slowest; it shows which process differs from the others.",
      whenBad: "One process alone is slow: its CPU and memory in Services and pipeline health.",
      noData: "As beside it, or the process made no trades.",
      page: "metrics.md#from-a-trading-service-and-from-the-aggregator-under-its-own-job",
      width: 12,
      unit: units.seconds,
      min: 0,
      queries: [
        promql(
          share(
            sumBy(["job", "instance"], rate(ofServices(sumOf(tradeExecutionLatency)))),
            sumBy(["job", "instance"], rate(ofServices(countOf(tradeExecutionLatency)))),
          ),
          "{{job}} {{instance}}",
        ),
      ],
    }),
  ],
};

const tracesRow: DashboardRow = {
  title: "Traces to look at",
  panels: [
    traces({
      title: "Slow trades",
      shows: "Trades that took longer than the alert's threshold allows, newest first.",
      whenBad: "Compare the steps of two or three of them: what they have in common is the cause.",
      noData: "No trade was that slow, or the trace store has none.",
      page: "attributes.md#spans",
      width: 12,
      queries: [traceql(slowTrades)],
    }),
    traces({
      title: "Slow calls of the node",
      shows:
        "Calls of the Solana node that took longer than the alert's threshold, newest first. `rpc.method` says which call.",
      whenBad:
        "If all are of one method, call it less often, or elsewhere: `getProgramAccounts` is slow everywhere.",
      noData:
        "No call was that slow, or the Collector kept no such trace: it keeps trades, errors and slow traces, and a share of the rest.",
      page: "attributes.md#spans",
      width: 12,
      queries: [traceql(slowCalls)],
    }),
  ],
};

const monthsRow: DashboardRow = {
  title: "The last 90 days, from QuestDB",
  closed: true,
  panels: [
    days({
      title: "P99 of each day, by operation",
      shows:
        "P99 of the middle minute of each UTC day. (A P99 of the whole day cannot be made of those of its minutes.)",
      whenBad:
        "A line that rises over weeks: something became slower for good. Compare with the day of a release.",
      noData: NO_QUESTDB,
      page: "history.md#latency_percentiles",
      width: 12,
      unit: units.milliseconds,
      min: 0,
      queries: [perDay.latencyByOperation()],
    }),
    days({
      title: "Failed calls of each day",
      shows: "Share of the calls of the node, of Jupiter and of the databases that failed, by UTC day.",
      whenBad: "A provider that fails more often than last month: show them this graph.",
      noData: "The aggregator has no QuestDB.",
      page: "history.md#calls_by_service",
      width: 12,
      unit: units.ratio,
      min: 0,
      queries: [perDay.failedCalls()],
    }),
  ],
};
