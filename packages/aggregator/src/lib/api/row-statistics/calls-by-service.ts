import type { callKinds } from "@slipstream/conventions";
import { cellsOf } from "./row-series.ts";
import { type MinuteRows, type Named, numberOf, percentilesOf, share, sumsOf } from "./row-statistic.ts";

/** Calls by service, of the table `calls_by_service`. */
export function callsByService(kind: (typeof callKinds)[number]): Named[] {
  const cells = cellsOf("calls_by_service");
  const number = numberOf(cells);
  const rows: MinuteRows = {
    cells,
    query: ({ value }) => ({
      table: "calls_by_service",
      equal: { kind, ...(value === undefined ? {} : { service: value }) },
    }),
    label: "service",
    column: "service",
  };
  return [
    [`${kind}_latency_by_service`, percentilesOf(rows)],
    [
      `${kind}_error_rate_by_service`,
      sumsOf("%", rows, {
        add: { calls: number("calls"), failed: number("failed") },
        read: ({ calls, failed }) => share(failed, calls),
      }),
    ],
  ];
}
