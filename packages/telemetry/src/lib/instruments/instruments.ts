import type { MetricDefinition, serviceMetrics } from "@slipstream/conventions";
import type { CounterHandle, GaugeHandle, HistogramHandle } from "./handles.ts";

type HandleOf<D extends MetricDefinition> = D["kind"] extends "histogram"
  ? HistogramHandle
  : D["kind"] extends "counter"
    ? CounterHandle
    : GaugeHandle;

/** The values of a row's only label. */
type LabelValue<D> = D extends { readonly labels: infer L }
  ? L[keyof L] extends readonly (infer V extends string)[]
    ? V
    : never
  : never;

type Bound<D extends MetricDefinition> = D extends { readonly labels: object }
  ? { readonly [V in LabelValue<D>]: HandleOf<D> }
  : HandleOf<D>;

/**
 * A bound handle for each row of conventions' `serviceMetrics`, by the row's key. If the row has a label,
 * there is one for each of its values: `instruments.solanaNodeLatency.record(0.012)`,
 * `instruments.trades.failed.add(1)`.
 */
export type Instruments = {
  readonly [K in keyof typeof serviceMetrics]: Bound<(typeof serviceMetrics)[K]>;
};
