import { type HistoryTableName, historyTable } from "@slipstream/conventions";

/** What is shown of a table that is too wide for a screen. The JSON has every column. */
const shown: { readonly [Table in HistoryTableName]?: readonly string[] } = {
  trades: [
    "timestamp",
    "pair",
    "side",
    "size_usd",
    "status",
    "latency_ms",
    "slippage_bps",
    "pnl_usd",
    "priority_fee_lamports",
    "source",
    "trade_id",
  ],
  trades_by_label: [
    "timestamp",
    "label",
    "value",
    "trades",
    "failed",
    "pnl_usd",
    "p50_ms",
    "p95_ms",
    "p99_ms",
    "max_ms",
  ],
  calls_by_service: [
    "timestamp",
    "kind",
    "service",
    "calls",
    "failed",
    "p50_ms",
    "p95_ms",
    "p99_ms",
    "max_ms",
  ],
  mev_verdicts: [
    "timestamp",
    "trade_id",
    "verdict",
    "state",
    "label",
    "pair",
    "loss_usd",
    "attacker",
    "reason",
  ],
  alerts: [
    "timestamp",
    "alert",
    "severity",
    "transition",
    "occurrence",
    "service",
    "value",
    "threshold",
    "unit",
  ],
};

/** Names of the columns that are shown to people. */
export function shownColumns(table: HistoryTableName): readonly string[] {
  return shown[table] ?? historyTable(table).columns.map(({ name }) => name);
}
