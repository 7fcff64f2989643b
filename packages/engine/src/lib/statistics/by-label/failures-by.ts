import { aggregatorMetrics, type FailureLabel, failureLabelMetrics } from "@slipstream/conventions";
import type { Labels, MetricFamily, NumberSample } from "@slipstream/exposition";
import { type Saved, SavedFields } from "@slipstream/stats";
import type { EventKind, SpanEvent } from "../../event.ts";
import type { EngineOptions } from "../../options.ts";
import type { Entry, Statistic } from "../statistic.ts";
import { tradeLabelValues } from "./labels.ts";
import { type Told, ToldApart } from "./told-apart.ts";

const REASONS = aggregatorMetrics.tradeFailures.labels.reason;
type Reason = (typeof REASONS)[number];

/** Failed trades of one value of the label, by reason. */
class ToldFailures implements Told<ToldFailures> {
  readonly value: string;
  readonly #counts: Map<Reason, number> = new Map();
  // Kept, for whoever writes `/metrics` looks whether the labels are still the same.
  readonly #labels: ReadonlyMap<Reason, Labels>;

  constructor(label: FailureLabel, value: string) {
    this.value = value;
    this.#labels = new Map(REASONS.map((reason) => [reason, { [label]: value, reason }]));
  }

  count(reason: Reason, trades = 1): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + trades);
  }

  /** Reasons that have occurred. */
  samples(): NumberSample[] {
    return [...this.#labels].flatMap(([reason, labels]) => {
      const value = this.#counts.get(reason) ?? 0;
      return value === 0 ? [] : [{ labels, value }];
    });
  }

  merge(other: ToldFailures): void {
    for (const [reason, trades] of other.#counts) this.count(reason, trades);
  }

  save(): Saved {
    return Object.fromEntries(REASONS.map((reason) => [reason, this.#counts.get(reason) ?? 0]));
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved failures of a label", saved);
    for (const reason of REASONS) this.#counts.set(reason, fields.number(reason));
  }
}

/**
 * Why trades failed, by the values of a label, since the log began. Of the values `maxLabelValues` are told apart, those
 * that fail most (see `ToldApart`), and the rest is "other", so that the sum is that of all failed trades.
 */
export class FailuresBy implements Statistic {
  readonly name: string;
  readonly onDashboard = false;
  readonly kinds: readonly EventKind[] = ["trade"];
  readonly #label: FailureLabel;
  readonly #told: ToldApart<ToldFailures>;

  constructor(label: FailureLabel, { maxLabelValues }: EngineOptions) {
    this.name = `trade_failures_by_${label}`;
    this.#label = label;
    this.#told = new ToldApart(maxLabelValues, (value) => new ToldFailures(label, value));
  }

  observe({ trade }: SpanEvent): void {
    if (trade?.failure === undefined) return;
    this.#told.count(tradeLabelValues[this.#label](trade)).count(trade.failure);
  }

  save(): Saved {
    return this.#told.save();
  }

  load(saved: Saved): void {
    this.#told.load(saved);
  }

  read(): Record<string, Entry> {
    const series = this.#samples().map(({ labels, value }) => {
      return { labels, value, unit: "trades", count: value, windowSeconds: null };
    });
    return { [this.name]: { series } };
  }

  collect(): MetricFamily[] {
    return [{ definition: failureLabelMetrics[this.#label], samples: this.#samples() }];
  }

  #samples(): NumberSample[] {
    return [...this.#told].flatMap((told) => told.samples());
  }
}
