import type { MetricDefinition } from "@slipstream/conventions";
import { FixedHistogram } from "@slipstream/stats";
import type { HistogramSample, Labels, MetricFamily } from "../../exposition/model.ts";
import type { SpanEvent } from "../event.ts";
import { Exemplars } from "./exemplars.ts";

/** A histogram since the log began, with an exemplar for each bucket. */
export class TotalHistogram {
  readonly #definition: MetricDefinition;
  readonly #histogram: FixedHistogram;
  readonly #exemplars: Exemplars;

  constructor(definition: MetricDefinition) {
    const { buckets = [] } = definition;
    this.#definition = definition;
    this.#histogram = new FixedHistogram(buckets);
    this.#exemplars = new Exemplars(buckets);
  }

  observe(event: SpanEvent, value: number): void {
    if (this.#histogram.record(value)) this.#exemplars.observe(event, value);
  }

  sample(labels: Labels): HistogramSample {
    const { counts, sum } = this.#histogram;
    return { labels, counts: Float64Array.from(counts), sum, exemplars: this.#exemplars.read() };
  }

  collect(): MetricFamily {
    return { definition: this.#definition, histograms: [this.sample({})] };
  }
}
