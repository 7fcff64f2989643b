import type { HistoryRecord, TradeLabel } from "@slipstream/conventions";
import { usd } from "../money.ts";
import type { Group } from "../statistics/by-label/group.ts";
import { percentileColumns } from "./latency-row.ts";
import { type HistoryRow, historyRow, microseconds } from "./rows.ts";

/**
 * The row of a label's value in a minute.
 *
 * @param minuteMs the minute's beginning, Unix ms
 */
export function labelRow(
  label: TradeLabel,
  value: string,
  { outcomes, latency }: Group,
  minuteMs: number,
): HistoryRow {
  const { trades, pnlTrades, pnlMicroUsd } = outcomes;
  const record: HistoryRecord<"trades_by_label"> = {
    timestamp: microseconds(minuteMs),
    label,
    value,
    trades: trades.all,
    failed: trades.failed,
    unknown_status: trades.unknown,
    pnl_usd: pnlTrades === 0 ? null : usd(pnlMicroUsd.value),
    ...percentileColumns(latency),
  };
  return historyRow("trades_by_label", record);
}
