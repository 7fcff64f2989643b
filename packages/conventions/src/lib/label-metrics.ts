import { aggregatorMetrics } from "./aggregator-metrics.ts";
import type { MetricDefinition } from "./metric.ts";

/** What trades and verdicts are told apart by: each label is a family of its own, so that no sum is counted twice. */
export const tradeLabels = ["service", "pair", "strategy", "size", "protection", "landing_service"] as const;

export type TradeLabel = (typeof tradeLabels)[number];

export interface TradeLabelMetrics {
  readonly trades: MetricDefinition;
  readonly latency: MetricDefinition;
  readonly pnl: MetricDefinition;
}

const REST = 'Values beyond the limit count as "other", so that nothing is missing from the sum.';

function tradeMetricsBy(label: TradeLabel): TradeLabelMetrics {
  const by = label.replace("_", " ");
  return {
    trades: {
      name: `slipstream_trades_by_${label}`,
      kind: "counter",
      unit: "trades",
      help: `Trades by ${by} and outcome, without those whose status is not known. ${REST}`,
      labels: { [label]: "open", status: ["success", "failed"] },
    },
    latency: {
      name: `slipstream_trade_latency_by_${label}_seconds`,
      kind: "gauge",
      unit: "seconds",
      help: `Latency percentile of trades by ${by}, over the percentile window and the minute that it begins in.`,
      labels: { [label]: "open", quantile: ["0.5", "0.95", "0.99", "0.999"] },
    },
    pnl: {
      name: `slipstream_pnl_by_${label}_usd`,
      kind: "gauge",
      unit: "usd",
      help: `Sum of the profit and loss of trades by ${by}. ${REST}`,
      labels: { [label]: "open" },
    },
  };
}

/** Statistics of trades, by label. */
export const tradeLabelMetrics: Readonly<Record<TradeLabel, TradeLabelMetrics>> = {
  service: tradeMetricsBy("service"),
  pair: tradeMetricsBy("pair"),
  strategy: tradeMetricsBy("strategy"),
  size: tradeMetricsBy("size"),
  protection: tradeMetricsBy("protection"),
  landing_service: tradeMetricsBy("landing_service"),
};

/** What failed trades are told apart by, beside their reason. */
export const failureLabels = ["service", "pair", "strategy"] as const;

export type FailureLabel = (typeof failureLabels)[number];

/** Failed trades, by label and reason. */
export const failureLabelMetrics: Readonly<Record<FailureLabel, MetricDefinition>> = {
  service: failuresBy("service"),
  pair: failuresBy("pair"),
  strategy: failuresBy("strategy"),
};

function failuresBy(label: FailureLabel): MetricDefinition {
  return {
    name: `slipstream_trade_failures_by_${label}`,
    kind: "counter",
    unit: "trades",
    help: `Failed trades by ${label} and reason, as in slipstream_trade_failures. A reason that has not occurred has no series.`,
    labels: { [label]: "open", reason: aggregatorMetrics.tradeFailures.labels.reason },
  };
}

/** Calls whose latency is told apart by service. */
export const callKinds = ["node", "jupiter", "database"] as const;

/** Latency of calls, by service. */
export const callLatencyMetrics: Readonly<Record<(typeof callKinds)[number], MetricDefinition>> = {
  node: callLatencyBy("solana_node", "Solana JSON-RPC calls (those that the option nodeMethods selects)"),
  jupiter: callLatencyBy("jupiter_api", "Jupiter API calls"),
  database: callLatencyBy("database_write", "database writes"),
};

function callLatencyBy(calls: string, what: string): MetricDefinition {
  return {
    name: `slipstream_${calls}_latency_by_service_seconds`,
    kind: "gauge",
    unit: "seconds",
    help: `Latency percentile of ${what} by service, over the percentile window and the minute that it begins in.`,
    labels: { service: "open", quantile: ["0.5", "0.95", "0.99", "0.999"] },
  };
}

export interface MevLabelMetrics {
  readonly verdicts: MetricDefinition;
  readonly attacked: MetricDefinition;
  readonly unknown: MetricDefinition;
  readonly loss: MetricDefinition;
  readonly meanLoss: MetricDefinition;
  readonly knownLosses: MetricDefinition;
}

function mevMetricsBy(label: TradeLabel): MevLabelMetrics {
  const by = label.replace("_", " ");
  const base = { kind: "gauge", labels: { [label]: "open" } } as const;
  return {
    verdicts: {
      kind: "gauge",
      name: `slipstream_mev_verdicts_by_${label}`,
      unit: "trades",
      help: `Trades by ${by} and verdict, over the MEV window. ${REST}`,
      labels: { [label]: "open", verdict: ["impacted", "avoided", "clean", "unknown"] },
    },
    attacked: {
      ...base,
      name: `slipstream_mev_attacked_by_${label}`,
      unit: "trades",
      help: `Attacked trades by ${by}: impacted and avoided, over the MEV window.`,
    },
    unknown: {
      ...base,
      name: `slipstream_mev_unknown_by_${label}_ratio`,
      unit: "ratio",
      help: `Share of trades by ${by} whose verdict is unknown, over the MEV window.`,
    },
    loss: {
      ...base,
      name: `slipstream_mev_loss_by_${label}_usd`,
      unit: "usd",
      help: `Money lost to sandwiches by ${by} over the MEV window, over the trades with a known loss.`,
    },
    meanLoss: {
      ...base,
      name: `slipstream_mev_mean_loss_by_${label}_usd`,
      unit: "usd",
      help: `Mean loss of an impacted trade by ${by} over the MEV window, over the trades with a known loss.`,
    },
    knownLosses: {
      ...base,
      name: `slipstream_mev_known_losses_by_${label}`,
      unit: "trades",
      help: `Impacted trades with a known loss by ${by}, over the MEV window.`,
    },
  };
}

/** Statistics of verdicts, by label. */
export const mevLabelMetrics: Readonly<Record<TradeLabel, MevLabelMetrics>> = {
  service: mevMetricsBy("service"),
  pair: mevMetricsBy("pair"),
  strategy: mevMetricsBy("strategy"),
  size: mevMetricsBy("size"),
  protection: mevMetricsBy("protection"),
  landing_service: mevMetricsBy("landing_service"),
};

/** All of them, in documentation order. */
export const labelMetrics: readonly MetricDefinition[] = [
  ...tradeLabels.flatMap((label): MetricDefinition[] => Object.values(tradeLabelMetrics[label])),
  ...Object.values(failureLabelMetrics),
  ...Object.values(callLatencyMetrics),
  ...tradeLabels.flatMap((label): MetricDefinition[] => Object.values(mevLabelMetrics[label])),
];
