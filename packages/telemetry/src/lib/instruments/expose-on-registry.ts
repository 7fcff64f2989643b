import type { MetricDefinition } from "@slipstream/conventions";
import type { InstrumentSet } from "./instrument-set.ts";
import type { MetricSnapshot } from "./snapshot.ts";

/** The part of a prom-client Registry (15) that is used. */
export interface MetricRegistry {
  registerMetric(metric: RegistryMetric): void;
  removeSingleMetric?(name: string): void;
  getSingleMetric?(name: string): unknown;
}

/** What a prom-client Registry requires of a metric. */
export interface RegistryMetric {
  name: string;
  readonly help: string;
  readonly type: MetricDefinition["kind"];
  readonly aggregator: "sum";
  get(): Promise<RegistryMetricData>;
  /** prom-client's `resetMetrics`. These are totals since the start, so they are not reset. */
  reset(): void;
}

export interface RegistryMetricData {
  readonly name: string;
  readonly help: string;
  readonly type: MetricDefinition["kind"];
  readonly aggregator: "sum";
  readonly values: readonly {
    readonly metricName: string;
    readonly labels: Readonly<Record<string, string | number>>;
    readonly value: number;
  }[];
}

export function exposeOnRegistry(set: InstrumentSet, registry: MetricRegistry): () => void {
  const names = set.rows.map(({ definition }) => definition.name);
  const taken = names.find((name) => registry.getSingleMetric?.(name) !== undefined);
  if (taken !== undefined) throw new Error(`The registry already has a metric named ${taken}`);
  // One scrape reads all metrics in the same turn, so they are collected once.
  let current: Map<string, MetricSnapshot> | undefined;
  function collect(): Map<string, MetricSnapshot> {
    if (current === undefined) {
      current = new Map(set.collect().map((snapshot) => [snapshot.definition.name, snapshot]));
      queueMicrotask(() => {
        current = undefined;
      });
    }
    return current;
  }
  for (const { definition } of set.rows) {
    const { name, help, kind } = definition;
    const base = { help, type: kind, aggregator: "sum" } as const;
    const metric: RegistryMetric = {
      ...base,
      name,
      reset() {},
      get: async () => {
        const snapshot = collect().get(name);
        return {
          ...base,
          name: metric.name,
          values: snapshot === undefined ? [] : valuesOf(snapshot, metric.name),
        };
      },
    };
    registry.registerMetric(metric);
  }
  return () => {
    for (const name of names) registry.removeSingleMetric?.(name);
  };
}

/**
 * `name` is the registry's name, because prom-client strips `_total` for OpenMetrics and adds it back itself.
 */
function valuesOf(snapshot: MetricSnapshot, name: string): RegistryMetricData["values"] {
  if (snapshot.kind !== "histogram") {
    return snapshot.points.map(({ labels, value }) => ({ metricName: name, labels, value }));
  }
  return snapshot.points.flatMap(({ labels, bounds, counts, sum, count }) => {
    let cumulative = 0;
    const buckets = counts.map((bucket, i) => {
      cumulative += bucket;
      return {
        metricName: `${name}_bucket`,
        labels: { ...labels, le: bounds[i] ?? "+Inf" },
        value: cumulative,
      };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: sum },
      { metricName: `${name}_count`, labels, value: count },
    ];
  });
}
