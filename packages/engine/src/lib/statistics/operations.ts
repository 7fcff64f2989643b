import { aggregatorMetrics, spanNames } from "@slipstream/conventions";
import type { Labels, MetricFamily } from "@slipstream/exposition";
import { QuantileSketch, type Saved, SavedFields } from "@slipstream/stats";
import type { SpanEvent } from "../event.ts";
import { latencyRow } from "../history/latency-row.ts";
import { MINUTE_MS, type Minute } from "../history/minutes.ts";
import type { HistoryRow } from "../history/rows.ts";
import type { EngineOptions } from "../options.ts";
import type { Migrations } from "../parts/part.ts";
import { milliseconds } from "./entries.ts";
import { TotalHistogram } from "./histogram.ts";
import { type QuantileLabels, quantileLabels, quantileSamples, quantileSeries } from "./quantile-labels.ts";
import { Sketches, savedSketches } from "./sketches.ts";
import type { Entry, Instant, Statistic } from "./statistic.ts";
import { Window } from "./window.ts";

/** Where operations beyond the limit are counted. */
export const OTHER_OPERATIONS = "other";

const FORMAT = milliseconds("such operations");
const OWN_NAMES: ReadonlySet<string> = new Set(Object.values(spanNames).map(({ name }) => name));

/** What is known of one operation. */
class Operation {
  readonly name: string;
  // Kept, for whoever writes `/metrics` looks whether the labels are still the same.
  readonly labels: Labels;
  readonly quantiles: QuantileLabels;
  readonly histogram: TotalHistogram = new TotalHistogram(aggregatorMetrics.operationLatency);
  // Its sketch in the pane that was recorded into last, mostly asked for again.
  #pane: Sketches | undefined;
  #sketch: QuantileSketch = new QuantileSketch();

  constructor(name: string) {
    this.name = name;
    this.labels = { operation: name };
    this.quantiles = quantileLabels(this.labels);
  }

  record(event: SpanEvent, pane: Sketches | undefined): void {
    this.histogram.observe(event, event.seconds);
    if (pane === undefined) return;
    if (pane !== this.#pane) {
      this.#pane = pane;
      this.#sketch = pane.of(this.name);
    }
    this.#sketch.record(event.seconds);
  }
}

/**
 * Latency of every operation: trades, calls by the names of Slipstream's spans, and other spans by their own name. At
 * most `maxOperations` names beside Slipstream's are told apart, first come; the rest is one operation, "other", so
 * that the totals hold.
 */
export class Operations implements Statistic {
  readonly name = "operations";
  readonly version = 2;
  readonly migrations: Migrations = { 1: joinSketches };
  readonly onDashboard = false;
  readonly #limit: number;
  readonly #operations: Map<string, Operation> = new Map();
  readonly #window: Window<Sketches>;
  #foreign = 0;

  constructor({ maxOperations, percentileWindowSeconds, amendmentSeconds }: EngineOptions) {
    this.#limit = maxOperations;
    // No dashboard value is made of these: the window is read at the newest instant only, but the minutes of the history
    // can be amended.
    const minuteSeconds = amendmentSeconds + MINUTE_MS / 1_000;
    this.#window = new Window({
      seconds: percentileWindowSeconds,
      amendmentSeconds: Math.max(0, minuteSeconds - percentileWindowSeconds),
      create: () => new Sketches(),
    });
  }

  observe(event: SpanEvent): void {
    if (!event.live) return;
    const operation = this.#operations.get(event.operation) ?? this.#operation(this.#named(event.operation));
    operation.record(event, this.#window.paneOf(event));
  }

  exemplify(event: SpanEvent): void {
    const operation = this.#operations.get(event.operation) ?? this.#operations.get(OTHER_OPERATIONS);
    operation?.histogram.exemplify(event, event.seconds);
  }

  forgetExemplars(): void {
    for (const { histogram } of this.#operations.values()) histogram.forgetExemplars();
  }

  advance(timeMs: number): void {
    this.#window.advance(timeMs);
  }

  save(): Saved {
    return {
      operations: [...this.#operations.keys()],
      histograms: Array.from(this.#operations.values(), ({ histogram }) => histogram.save()),
      foreign: this.#foreign,
      window: this.#window.save(),
    };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved operations", saved);
    const histograms = fields.list("histograms");
    for (const [i, name] of fields.texts("operations").entries()) {
      this.#operation(name).histogram.load(histograms[i]);
    }
    this.#foreign = fields.number("foreign");
    this.#window.load(fields.any("window"));
  }

  read(instant: Instant): Record<string, Entry> {
    const { byOperation } = this.#window.before(instant);
    const series = [...this.#operations.values()].flatMap(({ name, quantiles }) => {
      const sketch = byOperation.get(name) ?? new QuantileSketch();
      return quantileSeries(quantiles, sketch, this.#window.seconds, FORMAT, instant);
    });
    return { latency: { series } };
  }

  minuteRows(minute: Minute): readonly HistoryRow[] {
    const { byOperation } = this.#window.between(minute.fromMs, minute.toMs);
    return Array.from(byOperation, ([operation, sketch]) => latencyRow(operation, sketch, minute)).filter(
      (row) => row !== undefined,
    );
  }

  collect(instant: Instant): MetricFamily[] {
    const { byOperation } = this.#window.before(instant);
    const operations = [...this.#operations.values()];
    const samples = operations.flatMap(({ name, quantiles }) => {
      const sketch = byOperation.get(name);
      return sketch === undefined ? [] : quantileSamples(quantiles, sketch);
    });
    const histograms = operations.map(({ histogram, labels }) => histogram.sample(labels));
    return [
      { definition: aggregatorMetrics.latency, samples },
      { definition: aggregatorMetrics.operationLatency, histograms },
    ];
  }

  /** What an operation that is not known yet is counted as. */
  #named(operation: string): string {
    if (OWN_NAMES.has(operation)) return operation;
    if (this.#foreign >= this.#limit) return OTHER_OPERATIONS;
    if (operation !== OTHER_OPERATIONS) this.#foreign += 1;
    return operation;
  }

  #operation(name: string): Operation {
    let operation = this.#operations.get(name);
    if (operation === undefined) {
      operation = new Operation(name);
      this.#operations.set(name, operation);
    }
    return operation;
  }
}

/** Version 1 saved each histogram and each sketch beside its name, where version 2 has one piece for all of them. */
function joinSketches(saved: Saved): Saved {
  const fields = new SavedFields("saved operations", saved);
  const window = new SavedFields("a saved window", fields.any("window"));
  const { names, parts } = namedParts(fields.any("histograms"));
  const panes = window.list("panes").map((pane) => {
    const { names, parts } = namedParts(pane);
    return savedSketches(names, parts as readonly Uint8Array[]);
  });
  return {
    operations: names,
    histograms: parts,
    foreign: fields.any("foreign"),
    window: { firstKept: window.any("firstKept"), numbers: window.any("numbers"), panes },
  };
}

function namedParts(saved: Saved): { readonly names: readonly string[]; readonly parts: readonly Saved[] } {
  const fields = new SavedFields("saved operations", saved);
  return { names: fields.texts("names"), parts: fields.list("parts") };
}
