import type { MetricDefinition } from "@slipstream/conventions";
import type { MetricFamily } from "@slipstream/exposition";
import { QuantileSketch, type Saved, SavedFields } from "@slipstream/stats";
import type { EventKind, SpanEvent } from "../event.ts";
import type { StatisticValue } from "../model.ts";
import type { EngineOptions } from "../options.ts";
import { milliseconds, type QuantileFormat, quantileEntry } from "./entries.ts";
import { TotalHistogram } from "./histogram.ts";
import type { Instant, Statistic } from "./statistic.ts";
import { percentileWindow, type Window } from "./window.ts";

export interface LatencyDefinition {
  readonly definition: MetricDefinition;
  /** Names of the percentiles, by quantile. */
  readonly quantiles: Readonly<Record<string, number>>;
  readonly onDashboard: boolean;
  /** Plural, for the reason of an unknown one. */
  readonly what: string;
  /** Kind of the events. */
  readonly kind: EventKind;
  /** Seconds of such an event, undefined where they are not known; where absent, the event's own. */
  readonly seconds?: (event: SpanEvent) => number | undefined;
  /** Whether the event belongs in the percentiles too, and not in the histogram only. */
  readonly inPercentiles?: (event: SpanEvent) => boolean;
  /** The options that `inPercentiles` goes by, as text. */
  readonly basis?: string;
}

/** Percentiles of a latency over the percentile window, and its histogram since the log began. */
export class Latency implements Statistic {
  readonly name: string;
  readonly onDashboard: boolean;
  readonly kinds: readonly EventKind[];
  readonly #latency: LatencyDefinition;
  readonly #format: QuantileFormat;
  readonly #histogram: TotalHistogram;
  readonly #window: Window<QuantileSketch>;

  constructor(latency: LatencyDefinition, options: EngineOptions) {
    this.name = latency.definition.name;
    this.onDashboard = latency.onDashboard;
    this.kinds = [latency.kind];
    this.#latency = latency;
    this.#format = milliseconds(latency.what);
    this.#histogram = new TotalHistogram(latency.definition);
    this.#window = percentileWindow(options, () => new QuantileSketch());
  }

  observe(event: SpanEvent): void {
    if (!event.live) return;
    const { seconds: secondsOf } = this.#latency;
    const seconds = secondsOf === undefined ? event.seconds : secondsOf(event);
    if (seconds === undefined) return;
    this.#histogram.observe(event, seconds);
    if (this.#latency.inPercentiles?.(event) === false) return;
    this.#window.paneOf(event)?.record(seconds);
  }

  exemplify(event: SpanEvent): void {
    this.#histogram.exemplify(event, event.seconds);
  }

  forgetExemplars(): void {
    this.#histogram.forgetExemplars();
  }

  advance(timeMs: number): void {
    this.#window.advance(timeMs);
  }

  save(): Saved {
    const { basis = "" } = this.#latency;
    return { basis, histogram: this.#histogram.save(), window: this.#window.save() };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("a saved latency", saved);
    const { basis = "" } = this.#latency;
    this.#histogram.load(fields.any("histogram"));
    if (fields.text("basis") === basis) this.#window.load(fields.any("window"));
  }

  read(instant: Instant): Record<string, StatisticValue> {
    const sketch = this.#window.before(instant);
    return Object.fromEntries(
      Object.entries(this.#latency.quantiles).map(([name, q]) => [
        name,
        quantileEntry(sketch, q, this.#window.seconds, this.#format, instant),
      ]),
    );
  }

  collect(): MetricFamily[] {
    return [this.#histogram.collect()];
  }
}
