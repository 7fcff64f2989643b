import { aggregatorMetrics } from "@slipstream/conventions";
import { promql } from "../queries/promql.ts";
import type { Query } from "../queries/query.ts";

/** A query for each percentile that the aggregator computes. */
export function percentiles(selector: (quantile: string) => string): readonly Query[] {
  return aggregatorMetrics.latency.labels.quantile.map((quantile) =>
    promql(selector(quantile), percentileName(quantile)),
  );
}

/** P99.9 for 0.999. */
function percentileName(quantile: string): string {
  return `P${Number((Number(quantile) * 100).toPrecision(4))}`;
}
