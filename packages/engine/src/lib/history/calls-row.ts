import type { HistoryRecord } from "@slipstream/conventions";
import type { CallKind } from "../event.ts";
import type { Calls } from "../statistics/by-label/calls.ts";
import { percentileColumns } from "./latency-row.ts";
import { type HistoryRow, historyRow, microseconds } from "./rows.ts";

/**
 * The row of a service's calls in a minute.
 *
 * @param minuteMs the minute's beginning, Unix ms
 */
export function callsRow(
  kind: CallKind,
  service: string,
  { calls, latency }: Calls,
  minuteMs: number,
): HistoryRow {
  const record: HistoryRecord<"calls_by_service"> = {
    timestamp: microseconds(minuteMs),
    kind,
    service,
    calls: calls.all,
    failed: calls.part,
    ...percentileColumns(latency),
  };
  return historyRow("calls_by_service", record);
}
