import { serviceMetrics } from "@slipstream/conventions";
import type { MetricFamily } from "@slipstream/exposition";
import { QuantileSketch, type Saved, SavedFields } from "@slipstream/stats";
import type { EventKind, Fill, SpanEvent } from "../event.ts";
import type { StatisticValue } from "../model.ts";
import type { EngineOptions } from "../options.ts";
import { type QuantileFormat, quantileEntry } from "./entries.ts";
import { TotalHistogram } from "./histogram.ts";
import type { Instant, Statistic } from "./statistic.ts";
import { percentileWindow, type Window } from "./window.ts";

/** The trades that slippage is known of. */
export const WITH_OUTPUTS = "trades with a quoted and an actual output";
const FORMAT: QuantileFormat = { unit: "bps", scale: 10_000, what: WITH_OUTPUTS };

/** How far the output of trades was off their quote, either way. */
export class SlippageError implements Statistic {
  readonly name = "slippage_error";
  readonly onDashboard = false;
  readonly kinds: readonly EventKind[] = ["trade"];
  readonly #histogram: TotalHistogram = new TotalHistogram(serviceMetrics.slippageError);
  readonly #window: Window<QuantileSketch>;

  constructor(options: EngineOptions) {
    this.#window = percentileWindow(options, () => new QuantileSketch());
  }

  observe(event: SpanEvent): void {
    const fill = event.trade?.fill;
    if (fill === undefined) return;
    const error = slippageError(fill);
    this.#histogram.observe(event, error);
    this.#window.paneOf(event)?.record(error);
  }

  forgetExemplars(): void {
    this.#histogram.forgetExemplars();
  }

  advance(timeMs: number): void {
    this.#window.advance(timeMs);
  }

  save(): Saved {
    return { histogram: this.#histogram.save(), window: this.#window.save() };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("a saved slippage", saved);
    this.#histogram.load(fields.any("histogram"));
    this.#window.load(fields.any("window"));
  }

  read(instant: Instant): Record<string, StatisticValue> {
    const sketch = this.#window.before(instant);
    return {
      slippage_p50: quantileEntry(sketch, 0.5, this.#window.seconds, FORMAT, instant),
      slippage_p99: quantileEntry(sketch, 0.99, this.#window.seconds, FORMAT, instant),
    };
  }

  collect(): MetricFamily[] {
    return [this.#histogram.collect()];
  }
}

/** abs(actual - quoted) / quoted */
export function slippageError(fill: Fill): number {
  const { quoted, actual } = fill;
  if (typeof quoted === "number" && typeof actual === "number") return Math.abs(actual - quoted) / quoted;
  return Number(outputDistance(fill)) / Number(quoted);
}

/** abs(actual - quoted), atoms */
export function outputDistance({ quoted, actual }: Fill): bigint {
  const difference = BigInt(actual) - BigInt(quoted);
  return difference < 0n ? -difference : difference;
}
