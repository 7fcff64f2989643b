import { aggregatorMetrics, type Bps, bps } from "@slipstream/conventions";
import type { MetricFamily } from "@slipstream/exposition";
import { type Saved, SavedFields } from "@slipstream/stats";
import type { EventKind, Fill, SpanEvent } from "../event.ts";
import type { StatisticValue } from "../model.ts";
import type { EngineOptions } from "../options.ts";
import { Share } from "./counts.ts";
import { shareEntry } from "./entries.ts";
import { ratioFamilies } from "./ratio-families.ts";
import { outputDistance, slippageError, WITH_OUTPUTS } from "./slippage-error.ts";
import type { Instant, Statistic } from "./statistic.ts";
import { rateWindow, type Window } from "./window.ts";

const ACCURACY = {
  ratio: aggregatorMetrics.slippageAccuracy,
  low: aggregatorMetrics.slippageAccuracyLow,
  high: aggregatorMetrics.slippageAccuracyHigh,
  samples: aggregatorMetrics.slippageAccuracySamples,
};

/** The share of trades whose output was off its quote, either way, by no more than the tolerance. */
export class SlippageAccuracy implements Statistic {
  readonly name = "slippage_accuracy";
  readonly onDashboard = true;
  readonly kinds: readonly EventKind[] = ["trade"];
  readonly #toleranceBps: Bps;
  // `part`: those within the tolerance
  readonly #window: Window<Share>;

  constructor(options: EngineOptions) {
    this.#toleranceBps = bps(options.slippageToleranceBps);
    this.#window = rateWindow(options, () => new Share());
  }

  observe(event: SpanEvent): void {
    const fill = event.trade?.fill;
    if (fill !== undefined) this.#window.paneOf(event)?.count(isWithin(fill, this.#toleranceBps));
  }

  advance(timeMs: number): void {
    this.#window.advance(timeMs);
  }

  save(): Saved {
    return { toleranceBps: this.#toleranceBps, window: this.#window.save() };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("a saved accuracy", saved);
    if (fields.number("toleranceBps") === this.#toleranceBps) this.#window.load(fields.any("window"));
  }

  read(instant: Instant): Record<string, StatisticValue> {
    return { slippage_accuracy: this.#share(instant) };
  }

  collect(instant: Instant): MetricFamily[] {
    return ratioFamilies(ACCURACY, this.#share(instant));
  }

  #share(instant: Instant): StatisticValue {
    const { part, all } = this.#window.before(instant);
    return shareEntry(part, all, this.#window.seconds, WITH_OUTPUTS, instant);
  }
}

// A quotient of doubles up to 10^15 never lands on the wrong side; of larger amounts it might.
function isWithin(fill: Fill, toleranceBps: Bps): boolean {
  const { quoted, actual } = fill;
  if (typeof quoted === "number" && typeof actual === "number")
    return slippageError(fill) <= toleranceBps / 10_000;
  const toleranceParts = BigInt(Math.round(toleranceBps * 1e6));
  return outputDistance(fill) * 10_000_000_000n <= toleranceParts * BigInt(quoted);
}
