import { aggregatorMetrics } from "@slipstream/conventions";
import type { Saved } from "@slipstream/stats";
import type { MetricFamily } from "../../exposition/model.ts";
import type { StatisticValue } from "../model.ts";
import type { EngineOptions } from "../options.ts";
import { gauge, ratioFamilies } from "./ratio-families.ts";
import type { Statistic } from "./statistic.ts";

const NO_VERDICTS = "no MEV verdicts yet";
const AVOIDANCE = {
  ratio: aggregatorMetrics.mevAvoidance,
  low: aggregatorMetrics.mevAvoidanceLow,
  high: aggregatorMetrics.mevAvoidanceHigh,
  samples: aggregatorMetrics.mevAvoidanceSamples,
};
const DETECTION = {
  ratio: aggregatorMetrics.mevDetection,
  low: aggregatorMetrics.mevDetectionLow,
  high: aggregatorMetrics.mevDetectionHigh,
  samples: aggregatorMetrics.mevDetectionSamples,
};
const FEE_RETURN = {
  ratio: aggregatorMetrics.mevFeeReturn,
  low: aggregatorMetrics.mevFeeReturnLow,
  high: aggregatorMetrics.mevFeeReturnHigh,
  samples: aggregatorMetrics.mevFeeReturnSamples,
};

/** What MEV does to the desk. No record brings verdicts, so every rate is unknown, of 0 samples; none is 0. */
export class Mev implements Statistic {
  readonly name = "mev";
  readonly onDashboard = true;
  readonly #windowSeconds: number;

  constructor({ mevWindowSeconds }: EngineOptions) {
    this.#windowSeconds = mevWindowSeconds;
  }

  read(): Record<string, StatisticValue> {
    return { mev_avoidance_rate: this.#unknown(), mev_detection_rate: this.#unknown() };
  }

  /** There is nothing to save. */
  save(): Saved {
    return null;
  }

  load(): void {}

  collect(): MetricFamily[] {
    const unknown = this.#unknown();
    return [
      gauge(aggregatorMetrics.mevAttacksAvoided, 0),
      gauge(aggregatorMetrics.mevAttacksImpacted, 0),
      ...ratioFamilies(AVOIDANCE, unknown),
      ...ratioFamilies(DETECTION, unknown),
      ...ratioFamilies(FEE_RETURN, unknown),
    ];
  }

  #unknown(): StatisticValue {
    return { value: null, unit: "%", count: 0, windowSeconds: this.#windowSeconds, reason: NO_VERDICTS };
  }
}
