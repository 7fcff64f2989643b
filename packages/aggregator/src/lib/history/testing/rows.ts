import { type HistoryRecord, type HistoryTableName, historyTable } from "@slipstream/conventions";
import { type HistoryRow, historyRow } from "@slipstream/engine";
import { recordOf } from "@slipstream/engine/storage";

/** A round time to count from: 2025-01-01T00:00:00Z. */
export const START_MS: number = Date.UTC(2025, 0, 1);

/** A row whose other columns are null. */
export function anyRow<Table extends HistoryTableName>(
  table: Table,
  record: Partial<HistoryRecord<Table>>,
): HistoryRow {
  const unknown = Object.fromEntries(historyTable(table).columns.map(({ name }) => [name, null]));
  return historyRow(table, { ...unknown, ...record } as HistoryRecord<Table>);
}

/** A trade, `index` seconds after the start unless told otherwise; the index also makes its ids. */
export function tradeRow(index: number, rest: Partial<HistoryRecord<"trades">> = {}): HistoryRow {
  return anyRow("trades", {
    timestamp: (START_MS + index * 1_000) * 1_000,
    trade_id: `t${index}`,
    trace_id: index.toString(16).padStart(32, "a"),
    span_id: index.toString(16).padStart(16, "b"),
    service: "desk",
    pair: index % 2 === 0 ? "SOL/USDC" : "JUP/USDC",
    status: "success",
    source: "live",
    latency_ms: 20 + index / 7,
    priority_fee_lamports: 5_000 + index,
    quoted_out: "123456789012345678901234567890",
    ...rest,
  });
}

/** The verdict on the trade of the same index: impacted and final unless told otherwise. */
export function verdictRow(index: number, rest: Partial<HistoryRecord<"mev_verdicts">> = {}): HistoryRow {
  const { timestamp, trade_id, trace_id, span_id, pair } = recordOf(tradeRow(index));
  return anyRow("mev_verdicts", {
    timestamp: timestamp as number,
    trade_id: trade_id as string,
    trace_id: trace_id as string,
    span_id: span_id as string,
    pair: pair as string,
    verdict: "impacted",
    state: "final",
    ...rest,
  });
}

/** The percentiles of an operation in the minute `index` after the start. */
export function latencyRow(
  index: number,
  operation: string,
  rest: Partial<HistoryRecord<"latency_percentiles">> = {},
): HistoryRow {
  return historyRow("latency_percentiles", {
    timestamp: (START_MS + index * 60_000) * 1_000,
    operation,
    count: 10,
    seconds: 60,
    p50_ms: 10,
    p50_error_ms: 0.01,
    p95_ms: 20,
    p95_error_ms: 0.02,
    p99_ms: 30,
    p99_error_ms: 0.03,
    p999_ms: 40,
    p999_error_ms: 0.04,
    max_ms: 40,
    ...rest,
  });
}
