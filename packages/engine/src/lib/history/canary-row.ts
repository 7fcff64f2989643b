import type { Canary } from "../canaries.ts";
import { type HistoryRow, historyRow, microseconds } from "./rows.ts";

/** The row of a canary. */
export function canaryRow({ traceId, service, endMs, receivedMs }: Canary): HistoryRow {
  return historyRow("canaries", {
    timestamp: microseconds(receivedMs),
    trace_id: traceId,
    service,
    seconds: (receivedMs - endMs) / 1_000,
  });
}
