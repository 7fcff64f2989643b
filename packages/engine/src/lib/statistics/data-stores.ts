import { type MetricDefinition, serviceMetrics } from "@slipstream/conventions";
import type { MetricFamily } from "@slipstream/exposition";
import { type Saved, SavedFields } from "@slipstream/stats";
import type { PointEvent } from "../event.ts";
import type { EngineOptions } from "../options.ts";
import { GaugeWindow } from "./gauge-window.ts";
import type { Entry, Instant, Statistic } from "./statistic.ts";

/** A gauge that each process has for each kind of data store, and how those of several processes make one. */
export interface DataStoreGauge {
  readonly definition: MetricDefinition;
  readonly types: readonly string[];
  /** Name in `/api/current`. */
  readonly statistic: string;
  readonly unit: string;
  /** The combined value as `/api/current` gives it. */
  readonly shown: (value: number) => number | string;
  readonly combine: (values: readonly number[]) => number;
}

/** Open connections: those of all processes. */
export const connections: DataStoreGauge = {
  definition: serviceMetrics.activeConnections,
  types: serviceMetrics.activeConnections.labels.type,
  statistic: "active_connections",
  unit: "connections",
  shown: (value) => value,
  combine: (values) => values.reduce((sum, value) => sum + value, 0),
};

/** Whether a data store is reached: by every process that uses it. */
export const dependencies: DataStoreGauge = {
  definition: serviceMetrics.dependencyUp,
  types: serviceMetrics.dependencyUp.labels.type,
  statistic: "dependency_up",
  unit: "state",
  shown: (value) => (value > 0 ? "up" : "down"),
  combine: (values) => Math.min(...values),
};

/** A gauge by type of data store. */
export class DataStores implements Statistic {
  readonly name: string;
  readonly onDashboard = false;
  readonly #gauge: DataStoreGauge;
  readonly #windows: ReadonlyMap<string, GaugeWindow>;

  constructor(gauge: DataStoreGauge, options: EngineOptions) {
    this.name = gauge.definition.name;
    this.#gauge = gauge;
    this.#windows = new Map(
      gauge.types.map((type) => [type, new GaugeWindow(gauge.definition.name, options)]),
    );
  }

  observePoint(point: PointEvent): void {
    const { name, attributes } = point;
    for (const window of this.#windows.values()) window.observeProcess(point);
    if (name !== this.#gauge.definition.name) return;
    this.#windows.get(attributes.type ?? "")?.observe(point);
  }

  advance(timeMs: number): void {
    for (const window of this.#windows.values()) window.advance(timeMs);
  }

  save(): Saved {
    return Object.fromEntries(Array.from(this.#windows, ([name, window]) => [name, window.save()]));
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved gauges", saved);
    for (const [name, window] of this.#windows) window.load(fields.any(name));
  }

  read(instant: Instant): Record<string, Entry> {
    const { statistic, unit, combine, shown } = this.#gauge;
    const series = Array.from(this.#windows, ([type, window]) => {
      const { values, reason } = window.read(instant);
      const entry = { labels: { type }, unit, count: values.size, windowSeconds: window.seconds };
      if (reason !== undefined) return { ...entry, value: null, reason };
      return { ...entry, value: shown(combine([...values.values()])) };
    });
    return { [statistic]: { series } };
  }

  collect(instant: Instant): MetricFamily[] {
    const samples = Array.from(this.#windows, ([type, window]) => {
      const { values, reason } = window.read(instant);
      return reason === undefined
        ? [{ labels: { type }, value: this.#gauge.combine([...values.values()]) }]
        : [];
    }).flat();
    return [{ definition: this.#gauge.definition, samples }];
  }
}
