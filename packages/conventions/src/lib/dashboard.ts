export interface DashboardValue {
  /** Name in `/api/current`. The Redis key is this name with the prefix `dashboard:`. */
  readonly statistic: string;
  /** Name in `getCurrentMetrics()`. */
  readonly camel: string;
  readonly unit: string;
  readonly help: string;
}

/** The nine dashboard values. An unknown value is absent, never 0. */
export const dashboardValues = [
  {
    statistic: "trade_latency_p99",
    camel: "tradeLatencyP99",
    unit: "ms",
    help: "99th percentile of trade execution latency",
  },
  {
    statistic: "node_latency_p99",
    camel: "nodeLatencyP99",
    unit: "ms",
    help: "99th percentile of RPC node latency",
  },
  {
    statistic: "slippage_accuracy",
    camel: "slippageAccuracy",
    unit: "%",
    help: "Trades within the slippage tolerance",
  },
  {
    statistic: "mev_avoidance_rate",
    camel: "mevAvoidanceRate",
    unit: "%",
    help: "Avoided / (avoided + impacted) attacks",
  },
  { statistic: "trades_per_minute", camel: "tradesPerMinute", unit: "1/min", help: "Trades per minute" },
  { statistic: "success_rate", camel: "successRate", unit: "%", help: "Trades that succeeded" },
  {
    statistic: "circuit_breaker_state",
    camel: "circuitBreakerState",
    unit: "state",
    help: "closed, open or half_open",
  },
  { statistic: "active_positions", camel: "activePositions", unit: "positions", help: "Open positions" },
  {
    statistic: "total_pnl",
    camel: "totalPnl",
    unit: "%",
    help: "Profit or loss since the start of the log, as a share of the capital",
  },
] as const;

export type DashboardStatistic = (typeof dashboardValues)[number]["statistic"];

/** Redis key of one of the nine values. */
export function dashboardKey(statistic: DashboardStatistic): string {
  return `dashboard:${statistic}`;
}

/** The Redis keys of the nine values, in table order. */
export const dashboardKeys: readonly string[] = dashboardValues.map(({ statistic }) =>
  dashboardKey(statistic),
);

/** Redis key of the sorted set that holds the series of a UTC day. */
export function dashboardSeriesKey(timeMs: number): string {
  return `dashboard:timeseries:${new Date(timeMs).toISOString().slice(0, 10).replaceAll("-", "")}`;
}
