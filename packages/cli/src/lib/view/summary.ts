import { countsText } from "../alerts/alerts-text.ts";
import { coverageOf } from "./coverage.ts";
import { dollars, fixed, milliseconds, percent, unknown, whole } from "./format.ts";
import { member, numberOf, type Snapshot, statistic } from "./snapshot.ts";

/** A snapshot as a log line: numbers for programs (null where unknown), a sentence for people. */
export function summaryOf(snapshot: Snapshot): { values: Record<string, unknown>; text: string } {
  const number = (name: string): number | null => numberOf(snapshot, name) ?? null;
  const total = (status: string): number => {
    const value = member(snapshot, "trades", { status })?.value;
    return typeof value === "number" ? value : 0;
  };
  const breaker = statistic(snapshot, "circuit_breaker_state")?.value ?? null;
  const perMinute = number("trades_per_minute");
  const judged = (verdict: string): number =>
    ["provisional", "final"].reduce((sum, state) => {
      const value = member(snapshot, "mev_trades", { verdict, state })?.value;
      return sum + (typeof value === "number" ? value : 0);
    }, 0);
  const [attacked, avoided] = [judged("impacted"), judged("avoided")];
  const alerts = snapshot.alerts?.states;
  const values = {
    dataTime: snapshot.current.time,
    tradesPerMinute: perMinute,
    tradesInWindow: statistic(snapshot, "trades_per_minute")?.count ?? 0,
    trades: { success: total("success"), failed: total("failed") },
    successRate: number("success_rate"),
    slippageAccuracy: number("slippage_accuracy"),
    tradeLatencyP99Ms: number("trade_latency_p99"),
    nodeLatencyP99Ms: number("node_latency_p99"),
    mevAvoidanceRate: number("mev_avoidance_rate"),
    mevLossUsd: number("mev_loss_usd"),
    attacked,
    avoided,
    pnlUsd: number("total_pnl_usd"),
    priorityFeesLamports: number("priority_fees_lamports"),
    circuitBreakerState: breaker,
    activePositions: number("active_positions"),
    alerts:
      alerts === undefined
        ? null
        : { firing: alerts.firing, pending: alerts.pending, noData: alerts.no_data },
    coverage: coverageOf(snapshot.current.services).percent,
    services: snapshot.current.services,
    sinks: Object.fromEntries(Object.entries(snapshot.readiness.sinks).map(([name, { up }]) => [name, up])),
  };
  const text = [
    `${perMinute === null ? unknown : fixed(perMinute, 1)} trades/min`,
    `${whole(total("success"))} ok, ${whole(total("failed"))} failed`,
    `success ${percent(values.successRate)}`,
    `trade p99 ${milliseconds(values.tradeLatencyP99Ms)}`,
    `node p99 ${milliseconds(values.nodeLatencyP99Ms)}`,
    `PnL ${dollars(values.pnlUsd)}`,
    ...(attacked === 0 && avoided === 0
      ? []
      : [`${attacked} attacked, ${avoided} avoided, lost ${lost(values.mevLossUsd)}`]),
    `breaker ${breaker ?? "unknown"}`,
    `covers ${percent(values.coverage, 2)}`,
    ...(alerts === undefined || alerts.firing === 0 ? [] : [countsText(alerts)]),
  ].join("; ");
  return { values, text };
}

function lost(usd: number | null): string {
  return usd === null ? unknown : `$${fixed(usd, 2)}`;
}
