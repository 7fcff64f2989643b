import { callKinds, tradeLabels } from "@slipstream/conventions";
import { callsByService } from "./calls-by-service.ts";
import { cellsOf, percentileSeries } from "./row-series.ts";
import { MINUTE_MS, type RowStatistic } from "./row-statistic.ts";
import { tradesBy } from "./trades-by.ts";
import { verdictsBy } from "./verdicts-by.ts";

/** By their names. */
export const rowStatistics: ReadonlyMap<string, RowStatistic> = new Map([
  ["latency", latency()],
  ...tradeLabels.flatMap(tradesBy),
  ...callKinds.flatMap(callsByService),
  ...tradeLabels.flatMap(verdictsBy),
]);

function latency(): RowStatistic {
  const cells = cellsOf("latency_percentiles");
  return {
    unit: "ms",
    lengthMs: MINUTE_MS,
    query: ({ operation }) => ({
      table: "latency_percentiles",
      ...(operation === undefined ? {} : { equal: { operation } }),
    }),
    series: (rows, { quantile, stepMs }) =>
      percentileSeries(rows, {
        cells,
        label: "operation",
        column: "operation",
        quantile,
        stepMs,
        minuteMs: MINUTE_MS,
      }),
  };
}
