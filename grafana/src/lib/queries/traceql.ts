import { DataqueryBuilder, SearchTableType } from "@grafana/grafana-foundation-sdk/tempo";
import { reference } from "../data-sources.ts";
import type { Query } from "./query.ts";

const MOST_ROWS = 50;

/** Spans that TraceQL finds, one a row. */
export function traceql(query: string): Query {
  return {
    source: "traces",
    names: [],
    target: (refId) =>
      new DataqueryBuilder()
        .refId(refId)
        .datasource(reference("traces"))
        .queryType("traceql")
        .query(query)
        .filters([])
        .limit(MOST_ROWS)
        .spss(1)
        .tableType(SearchTableType.Spans),
  };
}
