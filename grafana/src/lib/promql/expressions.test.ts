import { allMetrics, type MetricDefinition } from "@slipstream/conventions";
import { describe, expect, test } from "vitest";
import { panelQueries } from "../panel-queries.ts";
import { parsePromql } from "../testing/parse-promql.ts";
import { otherMetrics } from "./other-metrics.ts";
import { AGGREGATOR_JOB, ofDesk } from "./series.ts";

const values = { aggregator: "127.0.0.1:9480", from: new Date(0), to: new Date(3_600_000), rateSeconds: 60 };
const expressions = panelQueries(values)
  .filter(({ source }) => source === "metrics")
  .flatMap(({ dashboard, panel, expressions: texts }) =>
    texts.map((expression) => ({ dashboard, panel, expression })),
  );

/** Series of a metric by the names that Prometheus has, each with its labels. */
function seriesOf({
  name,
  kind,
  labels = {},
}: MetricDefinition): readonly (readonly [string, readonly string[]])[] {
  const own = Object.keys(labels);
  if (kind !== "histogram") return [[name, own]];
  return [
    [`${name}_bucket`, [...own, "le"]],
    [`${name}_count`, own],
    [`${name}_sum`, own],
  ];
}

const ours = new Map(allMetrics.flatMap(seriesOf));
const others = new Map(otherMetrics.map(({ name, labels = {} }) => [name, Object.keys(labels)]));
const target = ["job", "instance"];

test("there are at least 40 of them", () => {
  expect(expressions.length).toBeGreaterThanOrEqual(40);
});

describe.each(expressions)("$dashboard, $panel: $expression", ({ expression }) => {
  const { metrics, grouped } = parsePromql(expression);

  test("is PromQL over metrics and labels that exist", () => {
    expect(metrics).not.toHaveLength(0);
    for (const { name, matchers } of metrics) {
      const labels = ours.get(name) ?? others.get(name);
      expect(labels, name).toBeDefined();
      for (const label of matchers) expect([...(labels ?? []), ...target, "desk"]).toContain(label);
    }
    const all = metrics.flatMap(({ name }) => ours.get(name) ?? others.get(name) ?? []);
    for (const label of grouped) expect([...all, ...target]).toContain(label);
  });

  test("takes our metrics from one aggregator, or from services, and never from both", () => {
    const aggregators =
      expression.split(`job="${AGGREGATOR_JOB}",instance="${values.aggregator}"`).length - 1;
    const services = expression.split(`job!="${AGGREGATOR_JOB}"`).length - 1;
    const own = metrics.filter(({ name }) => ours.has(name)).length;
    expect(services === 0 ? aggregators >= own : services === own && aggregators === 0).toBe(true);
  });

  test("draws nothing of a service for minutes after its last report", () => {
    expect(expression).not.toMatch(new RegExp(`job!="${AGGREGATOR_JOB}"[^}]*\\}(?!\\[)`));
  });

  test("makes no number of what is unknown, and no percentile of buckets", () => {
    expect(expression).not.toMatch(/\bvector\(|\bor\b|absent|histogram_quantile/);
  });
});

test("a label that a metric lacks is refused", () => {
  expect(() => ofDesk({ name: "slipstream_pnl_usd" }, { pair: "SOL/USDC" })).toThrow("has no label pair");
});
