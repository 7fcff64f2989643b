import type { Labels, NumberSample } from "@slipstream/exposition";
import type { QuantileSketch } from "@slipstream/stats";
import type { LabelledStatisticValue } from "../model.ts";
import { type QuantileFormat, quantileEntry } from "./entries.ts";
import type { Instant } from "./statistic.ts";

const QUANTILES = [0.5, 0.95, 0.99, 0.999];

/** The labels of each percentile that is shown. Keep them: whoever writes `/metrics` looks whether they are still the same. */
export type QuantileLabels = readonly { readonly q: number; readonly labels: Labels }[];

export function quantileLabels(labels: Labels): QuantileLabels {
  return QUANTILES.map((q) => ({ q, labels: { ...labels, quantile: String(q) } }));
}

/** For `/metrics`. None if the sketch is empty. */
export function quantileSamples(quantiles: QuantileLabels, sketch: QuantileSketch): NumberSample[] {
  return quantiles.flatMap(({ q, labels }) => {
    const value = sketch.quantile(q)?.value;
    return value === undefined ? [] : [{ labels, value }];
  });
}

/** For `/api/current`. @param seconds length of the window */
export function quantileSeries(
  quantiles: QuantileLabels,
  sketch: QuantileSketch,
  seconds: number,
  format: QuantileFormat,
  instant: Instant,
): LabelledStatisticValue[] {
  const wanted = instant.wanted?.quantiles;
  const series: LabelledStatisticValue[] = [];
  for (const { q, labels } of quantiles) {
    if (wanted?.has(q) === false) continue;
    series.push({ ...quantileEntry(sketch, q, seconds, format, instant), labels });
  }
  return series;
}
