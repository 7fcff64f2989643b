import type { TradeLabel } from "@slipstream/conventions";
import type { HistoryRow } from "@slipstream/engine";
import { cellsOf, percentileSeries, type Sums, sumSeries } from "./row-series.ts";
import { dollars, MINUTE_MS, type Named, numberOf, type RowStatistic, share } from "./row-statistic.ts";

/** Trades by the values of a label, of the table `trades_by_label`. */
export function tradesBy(label: TradeLabel): Named[] {
  const cells = cellsOf("trades_by_label");
  const number = numberOf(cells);
  const unknown = number("unknown_status");
  const failed = number("failed");
  const success = (row: HistoryRow): number => number("trades")(row) - failed(row) - unknown(row);
  const sums = <Field extends string>(unit: string, of: Sums<Field>): RowStatistic => ({
    unit,
    lengthMs: MINUTE_MS,
    query: ({ value }) => rowsOf(value),
    series: (rows, { stepMs }) =>
      sumSeries(rows, of, {
        label,
        labelValue: (row) => cells.text(row, "value") ?? "",
        timeMs: (row) => cells.timeMs(row) + MINUTE_MS,
        stepMs,
      }),
  });
  const rowsOf = (value: string | undefined) => ({
    table: "trades_by_label" as const,
    equal: { label, ...(value === undefined ? {} : { value }) },
  });
  return [
    [
      `trades_by_${label}`,
      sums("trades", {
        add: { success, failed, unknown },
        read: (of) =>
          (["success", "failed", "unknown"] as const).flatMap((status) =>
            // A status that is not known is the exception.
            status === "unknown" && of.unknown === 0 ? [] : [{ labels: { status }, value: of[status] }],
          ),
      }),
    ],
    [
      `success_rate_by_${label}`,
      sums("%", {
        add: { success, failed },
        read: ({ success, failed }) => share(success, success + failed),
      }),
    ],
    [
      `pnl_usd_by_${label}`,
      sums("usd", {
        add: {
          pnl: number("pnl_usd"),
          known: (row) => (cells.number(row, "pnl_usd") === undefined ? 0 : 1),
        },
        read: ({ pnl, known }) => (known === 0 ? [] : [{ value: dollars(pnl) }]),
      }),
    ],
    [
      `trade_latency_by_${label}`,
      {
        unit: "ms",
        lengthMs: MINUTE_MS,
        query: ({ value }) => rowsOf(value),
        series: (rows, { quantile, stepMs }) =>
          percentileSeries(rows, { cells, label, column: "value", quantile, stepMs, minuteMs: MINUTE_MS }),
      },
    ],
  ];
}
