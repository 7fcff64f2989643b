import { callKinds, tradeLabels } from "@slipstream/conventions";
import { callsByService } from "./calls-by-service.ts";
import { cellsOf } from "./row-series.ts";
import { percentilesOf, type RowStatistic } from "./row-statistic.ts";
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
  return percentilesOf({
    cells: cellsOf("latency_percentiles"),
    query: ({ operation }) => ({
      table: "latency_percentiles",
      ...(operation === undefined ? {} : { equal: { operation } }),
    }),
    label: "operation",
    column: "operation",
  });
}
