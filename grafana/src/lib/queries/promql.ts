import {
  DataqueryBuilder,
  PromQueryFormat,
  QueryEditorMode,
} from "@grafana/grafana-foundation-sdk/prometheus";
import { severities } from "@slipstream/alerts";
import { aggregatorMetrics, serviceMetrics } from "@slipstream/conventions";
import { reference } from "../data-sources.ts";
import type { Query } from "./query.ts";

export interface PromqlOptions {
  /** `range`: values over time. `instant`: the newest ones. */
  readonly at?: "range" | "instant";
  readonly format?: "time_series" | "table" | "heatmap";
  /** Asks for exemplars too: single trades, each with its trace. */
  readonly exemplars?: boolean;
}

/** @param legend with labels in double braces, such as `{{pair}}` */
export function promql(expr: string, legend: string, options: PromqlOptions = {}): Query {
  const { at = "range", format = "time_series", exemplars = false } = options;
  return {
    source: "metrics",
    names: namesOf(legend),
    target: (refId) => {
      const query = new DataqueryBuilder()
        .refId(refId)
        .datasource(reference("metrics"))
        .editorMode(QueryEditorMode.Code)
        .expr(expr)
        .legendFormat(legend)
        .format(formats[format])
        .exemplar(exemplars);
      return at === "range" ? query.range() : query.instant();
    },
  };
}

/** The newest value, and none if it is not known now. */
export function newest(expr: string, legend: string): Query {
  return promql(expr, legend, { at: "instant" });
}

/** The newest values as rows of a table, one for each set of labels. */
export function rows(expr: string): Query {
  return promql(expr, "", { at: "instant", format: "table" });
}

/** Buckets for a heatmap. */
export function heat(expr: string): Query {
  return promql(expr, "{{le}}", { format: "heatmap", exemplars: true });
}

/** Labels that have the same words on every metric. */
const words: Readonly<Record<string, readonly string[]>> = {
  status: serviceMetrics.trades.labels.status,
  verdict: aggregatorMetrics.mevTrades.labels.verdict,
  state: [...aggregatorMetrics.mevTrades.labels.state, ...aggregatorMetrics.spans.labels.state],
  outcome: aggregatorMetrics.notifications.labels.outcome,
  severity: severities,
};

function namesOf(legend: string): readonly string[] {
  const label = /^\{\{(\w+)\}\}$/.exec(legend)?.[1];
  return label === undefined ? [legend] : (words[label] ?? []);
}

const formats: Readonly<Record<NonNullable<PromqlOptions["format"]>, PromQueryFormat>> = {
  time_series: PromQueryFormat.TimeSeries,
  table: PromQueryFormat.Table,
  heatmap: PromQueryFormat.Heatmap,
};
