import type { callKinds } from "@slipstream/conventions";
import { cellsOf, percentileSeries, type Sums, sumSeries } from "./row-series.ts";
import { MINUTE_MS, type Named, numberOf, type RowStatistic, share } from "./row-statistic.ts";

/** Calls by service, of the table `calls_by_service`. */
export function callsByService(kind: (typeof callKinds)[number]): Named[] {
  const cells = cellsOf("calls_by_service");
  const number = numberOf(cells);
  const query: RowStatistic["query"] = ({ value }) => ({
    table: "calls_by_service",
    equal: { kind, ...(value === undefined ? {} : { service: value }) },
  });
  const errors: Sums<"calls" | "failed"> = {
    add: { calls: number("calls"), failed: number("failed") },
    read: ({ calls, failed }) => share(failed, calls),
  };
  return [
    [
      `${kind}_latency_by_service`,
      {
        unit: "ms",
        lengthMs: MINUTE_MS,
        query,
        series: (rows, { quantile, stepMs }) =>
          percentileSeries(rows, {
            cells,
            label: "service",
            column: "service",
            quantile,
            stepMs,
            minuteMs: MINUTE_MS,
          }),
      },
    ],
    [
      `${kind}_error_rate_by_service`,
      {
        unit: "%",
        lengthMs: MINUTE_MS,
        query,
        series: (rows, { stepMs }) =>
          sumSeries(rows, errors, {
            label: "service",
            labelValue: (row) => cells.text(row, "service") ?? "",
            timeMs: (row) => cells.timeMs(row) + MINUTE_MS,
            stepMs,
          }),
      },
    ],
  ];
}
