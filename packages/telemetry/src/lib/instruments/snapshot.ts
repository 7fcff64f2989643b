import type { MetricDefinition } from "@slipstream/conventions";

/** A number at a point in time: a counter's total or a gauge's value. */
export interface NumberPoint {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface HistogramPoint {
  readonly labels: Readonly<Record<string, string>>;
  readonly bounds: readonly number[];
  /** Per bucket, not cumulative; one more than there are bounds. */
  readonly counts: readonly number[];
  readonly sum: number;
  readonly count: number;
}

/** A metric's points at a point in time. Unknown values have no point. */
export type MetricSnapshot =
  | {
      readonly kind: "histogram";
      readonly definition: MetricDefinition;
      readonly points: readonly HistogramPoint[];
    }
  | {
      readonly kind: "counter" | "gauge";
      readonly definition: MetricDefinition;
      readonly points: readonly NumberPoint[];
    };
