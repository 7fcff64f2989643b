import { dashboardValues } from "@slipstream/conventions";
import type { DashboardInstant } from "@slipstream/engine";

/** The nine values of the dashboard, in its units. null means unknown. */
export interface CurrentMetrics {
  /** ms */
  readonly tradeLatencyP99: number | null;
  /** ms */
  readonly nodeLatencyP99: number | null;
  /** % */
  readonly slippageAccuracy: number | null;
  /** % */
  readonly mevAvoidanceRate: number | null;
  readonly tradesPerMinute: number | null;
  /** % */
  readonly successRate: number | null;
  /** closed, open or half_open */
  readonly circuitBreakerState: string | null;
  readonly activePositions: number | null;
  /** % of `capitalUsd`; null without it. */
  readonly totalPnl: number | null;
}

/** Without values, all are null. */
export function currentMetrics(values: DashboardInstant | undefined): CurrentMetrics {
  const metrics = dashboardValues.map(({ statistic, camel }) => [camel, values?.[statistic] ?? null]);
  // The names in the table are those of the interface; a test checks this.
  return Object.fromEntries(metrics) as CurrentMetrics;
}
