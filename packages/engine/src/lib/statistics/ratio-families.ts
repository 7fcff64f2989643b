import type { MetricDefinition } from "@slipstream/conventions";
import type { Labels, MetricFamily } from "@slipstream/exposition";
import type { StatisticValue } from "../model.ts";

/** The families of a share: the ratio, its bounds, and the samples behind it. */
export interface RatioDefinitions {
  readonly ratio: MetricDefinition;
  readonly low: MetricDefinition;
  readonly high: MetricDefinition;
  readonly samples: MetricDefinition;
}

const NO_LABELS: Labels = {};

/** A gauge of one value; without a sample where the value is unknown. */
export function gauge(definition: MetricDefinition, value: number | null | undefined): MetricFamily {
  return { definition, samples: value === null || value === undefined ? [] : [{ labels: NO_LABELS, value }] };
}

/** A share given in percent, as ratios with its bounds and its count. */
export function ratioFamilies(definitions: RatioDefinitions, entry: StatisticValue): MetricFamily[] {
  const ratio = (percent: number | string | null | undefined): number | null =>
    typeof percent === "number" ? percent / 100 : null;
  return [
    gauge(definitions.ratio, ratio(entry.value)),
    gauge(definitions.low, ratio(entry.interval?.low)),
    gauge(definitions.high, ratio(entry.interval?.high)),
    gauge(definitions.samples, entry.count),
  ];
}
