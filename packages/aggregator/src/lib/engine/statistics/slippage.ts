import { aggregatorMetrics, serviceMetrics } from "@slipstream/conventions";
import { QuantileSketch } from "@slipstream/stats";
import type { MetricFamily } from "../../exposition/model.ts";
import type { Fill, SpanEvent } from "../event.ts";
import type { StatisticValue } from "../model.ts";
import type { EngineOptions } from "../options.ts";
import { Share } from "./counts.ts";
import { type QuantileFormat, quantileEntry, shareEntry } from "./entries.ts";
import { TotalHistogram } from "./histogram.ts";
import { ratioFamilies } from "./ratio-families.ts";
import type { Instant, Statistic } from "./statistic.ts";
import { percentileWindow, rateWindow, type Window } from "./window.ts";

const ACCURACY = {
  ratio: aggregatorMetrics.slippageAccuracy,
  low: aggregatorMetrics.slippageAccuracyLow,
  high: aggregatorMetrics.slippageAccuracyHigh,
  samples: aggregatorMetrics.slippageAccuracySamples,
};
const WHAT = "trades with a quoted and an actual output";
const FORMAT: QuantileFormat = { unit: "bps", scale: 10_000, what: WHAT };

/** How far the output of trades was off their quote, either way, and the share of them within the tolerance. */
export class Slippage implements Statistic {
  readonly onDashboard = true;
  readonly #toleranceBps: number;
  readonly #histogram: TotalHistogram = new TotalHistogram(serviceMetrics.slippageError);
  // `part`: those within the tolerance
  readonly #accuracy: Window<Share>;
  readonly #sizes: Window<QuantileSketch>;

  constructor(options: EngineOptions) {
    this.#toleranceBps = options.slippageToleranceBps;
    this.#accuracy = rateWindow(options, () => new Share());
    this.#sizes = percentileWindow(options, () => new QuantileSketch());
  }

  observe(event: SpanEvent): void {
    const fill = event.trade?.fill;
    if (fill === undefined) return;
    const error = slippageError(fill);
    this.#histogram.observe(event, error);
    this.#accuracy.paneOf(event)?.count(isWithin(fill, error, this.#toleranceBps));
    this.#sizes.paneOf(event)?.record(error);
  }

  advance(timeMs: number): void {
    this.#accuracy.advance(timeMs);
    this.#sizes.advance(timeMs);
  }

  read(instant: Instant): Record<string, StatisticValue> {
    const sizes = this.#sizes.before(instant);
    return {
      slippage_accuracy: this.#share(instant),
      slippage_p50: quantileEntry(sizes, 0.5, this.#sizes.seconds, FORMAT, instant),
      slippage_p99: quantileEntry(sizes, 0.99, this.#sizes.seconds, FORMAT, instant),
    };
  }

  collect(instant: Instant): MetricFamily[] {
    return [this.#histogram.collect(), ...ratioFamilies(ACCURACY, this.#share(instant))];
  }

  #share(instant: Instant): StatisticValue {
    const { part, all } = this.#accuracy.before(instant);
    return shareEntry(part, all, this.#accuracy.seconds, WHAT, instant);
  }
}

/** abs(actual - quoted) / quoted */
function slippageError({ quoted, actual }: Fill): number {
  if (typeof quoted === "number" && typeof actual === "number") return Math.abs(actual - quoted) / quoted;
  return Number(distance(quoted, actual)) / Number(quoted);
}

// A quotient of doubles up to 10^15 never lands on the wrong side; of larger amounts it might.
function isWithin({ quoted, actual }: Fill, error: number, toleranceBps: number): boolean {
  if (typeof quoted === "number" && typeof actual === "number") return error <= toleranceBps / 10_000;
  const toleranceParts = BigInt(Math.round(toleranceBps * 1e6));
  return distance(quoted, actual) * 10_000_000_000n <= toleranceParts * BigInt(quoted);
}

function distance(quoted: number | bigint, actual: number | bigint): bigint {
  const difference = BigInt(actual) - BigInt(quoted);
  return difference < 0n ? -difference : difference;
}
