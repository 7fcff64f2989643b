import type { HistoryRecord, TradeLabel } from "@slipstream/conventions";
import type { Group } from "../statistics/by-label/group.ts";
import { percentileColumns } from "./latency-row.ts";
import type { Minute } from "./minutes.ts";
import { type HistoryRow, historyRow, microseconds } from "./rows.ts";

/**
 * The row of a label's value in a minute.
 */
export function labelRow(
  label: TradeLabel,
  value: string,
  { outcomes, latency }: Group,
  { fromMs, seconds }: Minute,
): HistoryRow {
  const { trades, pnlUsd } = outcomes;
  const record: HistoryRecord<"trades_by_label"> = {
    timestamp: microseconds(fromMs),
    seconds,
    label,
    value,
    trades: trades.all,
    failed: trades.failed,
    unknown_status: trades.unknown,
    pnl_usd: pnlUsd,
    ...percentileColumns(latency),
  };
  return historyRow("trades_by_label", record);
}
