import type { MetricDefinition } from "@slipstream/conventions";

export type Labels = Readonly<Record<string, string>>;

/** A measured value with the trace it came from. */
export interface Exemplar {
  readonly traceId: string;
  readonly value: number;
  /** Unix seconds. */
  readonly timestamp: number;
}

export interface NumberSample {
  readonly labels: Labels;
  readonly value: number;
}

export interface HistogramSample {
  readonly labels: Labels;
  /** Count per bucket (not cumulated), one more than `definition.buckets`: the last is +Inf's. */
  readonly counts: ArrayLike<number>;
  readonly sum: number;
  /** Newest exemplar per bucket, sparse. */
  readonly exemplars?: readonly (Exemplar | undefined)[];
}

/** A family as `/metrics` writes it. One without samples still has HELP and TYPE. */
export type MetricFamily =
  | { readonly definition: MetricDefinition; readonly samples: readonly NumberSample[] }
  | { readonly definition: MetricDefinition; readonly histograms: readonly HistogramSample[] };

/** Something that has metrics to expose. */
export interface MetricSource {
  collect(): readonly MetricFamily[];
}
