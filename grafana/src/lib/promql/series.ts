import { defaultPrometheusSettings } from "@slipstream/alerts";
import { type MetricDefinition, serviceMetrics } from "@slipstream/conventions";
import type { OtherMetric } from "./other-metrics.ts";

/** The aggregator's `job` in Prometheus. */
export const AGGREGATOR_JOB: string = defaultPrometheusSettings.aggregatorJob;

/** A label's value, or a regular expression that must match all of it. */
export type Matcher = string | { readonly pattern: string };

export type Matchers = Readonly<Record<string, Matcher>>;

/** What a selector needs to know of a metric: a definition of ours, a part of a histogram, or a metric of another program. */
export type Metric = Pick<MetricDefinition, "name" | "labels"> | OtherMetric;

/** Labels that Prometheus itself adds. */
const TARGET_LABELS = ["job", "instance"];

/** Any value that the dashboard's variable stands for. */
export function anyOf(variable: string): Matcher {
  return { pattern: `$${variable}` };
}

/** What the aggregator chosen knows of the desk chosen. Data of the own desk have no label `desk`. */
export function ofDesk(metric: Metric, matchers: Matchers = {}): string {
  return select(metric, { ...aggregator, desk: anyOf("desk") }, matchers);
}

/** What the aggregator chosen knows of itself. */
export function ofAggregator(metric: Metric, matchers: Matchers = {}): string {
  return select(metric, aggregator, matchers);
}

/** What the services chosen report themselves. The aggregator has the same names under a job of its own. */
export function ofServices(metric: Metric, matchers: Matchers = {}): string {
  const chosen = `job!=${quoted(AGGREGATOR_JOB)},job=~"$job",instance=~"$instance"`;
  return `${metric.name}{${[chosen, ...written(metric, matchers)].join(",")}}`;
}

/** Metrics of other programs, of all their instances. */
export function ofOthers(metric: OtherMetric, matchers: Matchers = {}): string {
  return select(metric, {}, matchers);
}

/** A histogram's cumulative buckets, by their upper bounds `le`. */
export function bucketsOf({ name, labels }: MetricDefinition): Metric {
  return { name: `${name}_bucket`, labels: { ...labels, le: "open" } };
}

export function countOf({ name, labels }: MetricDefinition): Metric {
  return { name: `${name}_count`, ...(labels && { labels }) };
}

export function sumOf({ name, labels }: MetricDefinition): Metric {
  return { name: `${name}_sum`, ...(labels && { labels }) };
}

/** Something that every service with Slipstream's telemetry reports, to find their jobs and instances by. */
export const everyService: string = [
  serviceMetrics.processUp,
  serviceMetrics.trades,
  serviceMetrics.memoryUsage,
]
  .map(({ name }) => name)
  .join("|");

const aggregator: Matchers = { job: AGGREGATOR_JOB, instance: "$aggregator" };

function select(metric: Metric, fixed: Matchers, matchers: Matchers): string {
  const all = [...matchersText(fixed), ...written(metric, matchers)];
  return all.length === 0 ? metric.name : `${metric.name}{${all.join(",")}}`;
}

/** @throws Error if the metric has no such label */
function written(metric: Metric, matchers: Matchers): readonly string[] {
  for (const label of Object.keys(matchers)) {
    if (!TARGET_LABELS.includes(label) && !Object.hasOwn(metric.labels ?? {}, label))
      throw new Error(`${metric.name} has no label ${label}`);
  }
  return matchersText(matchers);
}

function matchersText(matchers: Matchers): readonly string[] {
  return Object.entries(matchers).map(([label, value]) =>
    typeof value === "string" ? `${label}=${quoted(value)}` : `${label}=~${quoted(value.pattern)}`,
  );
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
