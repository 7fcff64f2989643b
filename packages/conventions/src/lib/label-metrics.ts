import type { MetricDefinition } from "./metric.ts";

/** What trades are told apart by: each label is a family of its own, so that no sum is counted twice. */
export const tradeLabels = ["service", "pair", "strategy", "size", "protection", "landing_service"] as const;

export type TradeLabel = (typeof tradeLabels)[number];

export interface TradeLabelMetrics {
  readonly trades: MetricDefinition;
  readonly latency: MetricDefinition;
  readonly pnl: MetricDefinition;
}

const REST = 'Values beyond the limit count as "other", so that the sum is that of all trades.';

function tradeMetricsBy(label: TradeLabel): TradeLabelMetrics {
  const by = label.replace("_", " ");
  return {
    trades: {
      name: `slipstream_trades_by_${label}`,
      kind: "counter",
      unit: "trades",
      help: `Trades by ${by} and outcome. ${REST}`,
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

/** All of them, in documentation order. */
export const labelMetrics: readonly MetricDefinition[] = tradeLabels.flatMap((label) => {
  const { trades, latency, pnl } = tradeLabelMetrics[label];
  return [trades, latency, pnl];
});
