import type { TradeLabel } from "@slipstream/conventions";
import type { HistoryRow } from "@slipstream/engine";
import { cellsOf } from "./row-series.ts";
import {
  dollars,
  type MinuteRows,
  type Named,
  numberOf,
  percentilesOf,
  share,
  sumsOf,
} from "./row-statistic.ts";

/** Trades by the values of a label, of the table `trades_by_label`. */
export function tradesBy(label: TradeLabel): Named[] {
  const cells = cellsOf("trades_by_label");
  const number = numberOf(cells);
  const unknown = number("unknown_status");
  const failed = number("failed");
  const success = (row: HistoryRow): number => number("trades")(row) - failed(row) - unknown(row);
  const rows: MinuteRows = {
    cells,
    query: ({ value }) => ({
      table: "trades_by_label",
      equal: { label, ...(value === undefined ? {} : { value }) },
    }),
    label,
    column: "value",
  };
  return [
    [
      `trades_by_${label}`,
      sumsOf("trades", rows, {
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
      sumsOf("%", rows, {
        add: { success, failed },
        read: ({ success, failed }) => share(success, success + failed),
      }),
    ],
    [
      `pnl_usd_by_${label}`,
      sumsOf("usd", rows, {
        add: {
          pnl: number("pnl_usd"),
          known: (row) => (cells.number(row, "pnl_usd") === undefined ? 0 : 1),
        },
        read: ({ pnl, known }) => (known === 0 ? [] : [{ value: dollars(pnl) }]),
      }),
    ],
    [`trade_latency_by_${label}`, percentilesOf(rows)],
  ];
}
