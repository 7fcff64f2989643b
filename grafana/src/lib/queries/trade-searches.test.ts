import { parser } from "@grafana/lezer-traceql";
import { expect, test } from "vitest";
import { panelQueries } from "../panel-queries.ts";
import * as searches from "./trade-searches.ts";

function mistakes(query: string): number {
  let found = 0;
  parser.parse(query).iterate({
    enter({ type }) {
      if (type.isError) found++;
    },
  });
  return found;
}

test.each(Object.entries(searches))("%s is TraceQL", (_, query) => {
  expect(mistakes(query)).toBe(0);
});

test("the grammar finds mistakes", () => {
  expect(mistakes('{ name = "trade.execute" && }')).toBeGreaterThan(0);
});

test("each search is in a panel", () => {
  const values = { aggregator: "a", from: new Date(0), to: new Date(1000), rateSeconds: 60 };
  const asked = panelQueries(values).filter(({ source }) => source === "traces");
  expect(new Set(asked.flatMap(({ expressions }) => expressions))).toEqual(new Set(Object.values(searches)));
});
