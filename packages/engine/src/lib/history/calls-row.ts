import type { HistoryRecord } from "@slipstream/conventions";
import type { CallKind } from "../event.ts";
import type { Calls } from "../statistics/by-label/calls.ts";
import { percentileColumns } from "./latency-row.ts";
import type { Minute } from "./minutes.ts";
import { type HistoryRow, historyRow, microseconds } from "./rows.ts";

/**
 * The row of a service's calls in a minute.
 */
export function callsRow(
  kind: CallKind,
  service: string,
  { calls, latency }: Calls,
  { fromMs, seconds }: Minute,
): HistoryRow {
  const record: HistoryRecord<"calls_by_service"> = {
    timestamp: microseconds(fromMs),
    seconds,
    kind,
    service,
    calls: calls.all,
    failed: calls.part,
    ...percentileColumns(latency),
  };
  return historyRow("calls_by_service", record);
}
