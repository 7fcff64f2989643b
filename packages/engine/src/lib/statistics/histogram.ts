import type { MetricDefinition } from "@slipstream/conventions";
import type { HistogramSample, Labels, MetricFamily } from "@slipstream/exposition";
import { FixedHistogram, type Savable, type Saved, SavedFields } from "@slipstream/stats";
import type { SpanEvent } from "../event.ts";
import { Exemplars } from "./exemplars.ts";

const NO_LABELS: Labels = {};

/** A histogram since the log began, with an exemplar for each bucket: the newest whose trace is kept for certain. */
export class TotalHistogram implements Savable {
  readonly #definition: MetricDefinition;
  readonly #histogram: FixedHistogram;
  #exemplars: Exemplars;

  constructor(definition: MetricDefinition) {
    const { buckets = [] } = definition;
    this.#definition = definition;
    this.#histogram = new FixedHistogram(buckets);
    this.#exemplars = new Exemplars(buckets);
  }

  observe(event: SpanEvent, value: number): void {
    if (this.#histogram.record(value) && event.kept) this.#exemplars.observe(event, value);
  }

  /** Takes as an exemplar what was counted before its trace was known to be kept. */
  exemplify(event: SpanEvent, value: number): void {
    this.#exemplars.observe(event, value);
  }

  forgetExemplars(): void {
    this.#exemplars = new Exemplars(this.#definition.buckets ?? []);
  }

  save(): Saved {
    return { histogram: this.#histogram.save(), exemplars: this.#exemplars.save() };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("a saved histogram", saved);
    this.#histogram.load(fields.any("histogram"));
    this.#exemplars.load(fields.any("exemplars"));
  }

  sample(labels: Labels): HistogramSample {
    const { counts, sum } = this.#histogram;
    return { labels, counts: Float64Array.from(counts), sum, exemplars: this.#exemplars.read() };
  }

  collect(): MetricFamily {
    return { definition: this.#definition, histograms: [this.sample(NO_LABELS)] };
  }
}
