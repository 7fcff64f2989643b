import type { TradeLabel } from "@slipstream/conventions";
import { cellsOf, percentileSeries, type Sums, sumSeries } from "./row-series.ts";
import { dollars, MINUTE_MS, type Named, numberOf, type RowStatistic, share } from "./row-statistic.ts";

/** Trades by the values of a label, of the table `trades_by_label`. */
export function tradesBy(label: TradeLabel): Named[] {
  const cells = cellsOf("trades_by_label");
  const number = numberOf(cells);
  const outcomes = { trades: number("trades"), failed: number("failed") };
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
        add: outcomes,
        read: ({ trades, failed }) => [
          { labels: { status: "success" }, value: trades - failed },
          { labels: { status: "failed" }, value: failed },
        ],
      }),
    ],
    [
      `success_rate_by_${label}`,
      sums("%", { add: outcomes, read: ({ trades, failed }) => share(trades - failed, trades) }),
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
