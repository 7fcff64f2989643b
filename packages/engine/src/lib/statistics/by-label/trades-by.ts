import { type TradeLabel, tradeLabelMetrics } from "@slipstream/conventions";
import type { Labels, MetricFamily, NumberSample } from "@slipstream/exposition";
import { type Saved, SavedFields } from "@slipstream/stats";
import type { EventKind, SpanEvent } from "../../event.ts";
import { labelRow } from "../../history/label-row.ts";
import type { Minute } from "../../history/minutes.ts";
import type { HistoryRow } from "../../history/rows.ts";
import type { LabelledStatisticValue } from "../../model.ts";
import type { EngineOptions } from "../../options.ts";
import { milliseconds, shareEntry } from "../entries.ts";
import { type QuantileLabels, quantileLabels, quantileSamples, quantileSeries } from "../quantile-labels.ts";
import type { Entry, Instant, Statistic } from "../statistic.ts";
import type { CoarseWindow } from "./coarse-window.ts";
import { Group, Outcomes } from "./group.ts";
import { Groups, groupsByMinute } from "./groups.ts";
import { tradeLabelValues } from "./labels.ts";
import { type Told, ToldApart } from "./told-apart.ts";

const FORMAT = milliseconds("such trades");

/** What is known of one value of the label since it was told apart. */
class ToldTrades implements Told<ToldTrades> {
  readonly value: string;
  readonly outcomes: Outcomes = new Outcomes();
  // Kept, for whoever writes `/metrics` looks whether the labels are still the same.
  readonly labels: Labels;
  readonly success: Labels;
  readonly failed: Labels;
  readonly quantiles: QuantileLabels;
  // Its group in the minute that was counted in last, mostly asked for again.
  #minute: Groups<Group> | undefined;
  #group: Group = new Group();

  constructor(label: TradeLabel, value: string) {
    this.value = value;
    this.labels = { [label]: value };
    this.success = { [label]: value, status: "success" };
    this.failed = { [label]: value, status: "failed" };
    this.quantiles = quantileLabels(this.labels);
  }

  in(minute: Groups<Group>): Group {
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#group = minute.of(this.value);
    }
    return this.#group;
  }

  merge({ outcomes }: ToldTrades): void {
    this.outcomes.merge(outcomes);
  }

  save(): Saved {
    return this.outcomes.save();
  }

  load(saved: Saved): void {
    this.outcomes.load(saved);
  }
}

/**
 * Trades by the values of a label: outcomes and profit since the log began, latencies and the share that succeeded over
 * the percentile window. `maxLabelValues` of them are told apart (see `ToldApart`), and the rest is "other", so that the
 * sum over all is that of all trades. What came of a value before it had a place stays in "other", and what it
 * counted goes there if it loses its place.
 */
export class TradesBy implements Statistic {
  readonly name: string;
  readonly onDashboard = false;
  readonly kinds: readonly EventKind[] = ["trade"];
  readonly #label: TradeLabel;
  readonly #told: ToldApart<ToldTrades>;
  readonly #window: CoarseWindow<Groups<Group>>;

  constructor(label: TradeLabel, options: EngineOptions) {
    this.name = `trades_by_${label}`;
    this.#label = label;
    this.#told = new ToldApart(options.maxLabelValues, (value) => new ToldTrades(label, value));
    this.#window = groupsByMinute(options, () => new Group());
  }

  observe(event: SpanEvent): void {
    const { trade } = event;
    if (trade === undefined) return;
    const told = this.#told.count(tradeLabelValues[this.#label](trade));
    told.outcomes.count(trade);
    if (!(event.live && event.inWindow)) return;
    const minute = this.#window.at(event.timeMs);
    if (minute !== undefined) told.in(minute).count(event, trade);
  }

  advance(timeMs: number): void {
    this.#window.advance(timeMs);
  }

  save(): Saved {
    return { told: this.#told.save(), window: this.#window.save() };
  }

  load(saved: Saved): void {
    const fields = new SavedFields(`saved ${this.name}`, saved);
    this.#told.load(fields.any("told"));
    this.#window.load(fields.any("window"));
  }

  read(instant: Instant): Record<string, Entry> {
    const { groups, seconds } = this.#recent(instant);
    const trades: LabelledStatisticValue[] = [];
    const success: LabelledStatisticValue[] = [];
    const latency: LabelledStatisticValue[] = [];
    const pnl: LabelledStatisticValue[] = [];
    for (const told of this.#told) {
      const { value, labels, outcomes, quantiles } = told;
      for (const sample of statusSamples(told)) {
        trades.push({ ...sample, unit: "trades", count: sample.value, windowSeconds: null });
      }
      const recent = groups.byValue.get(value) ?? new Group();
      const { succeeded, known } = recent.outcomes.trades;
      success.push({ labels, ...shareEntry(succeeded, known, seconds, "such trades", instant) });
      latency.push(...quantileSeries(quantiles, recent.latency, seconds, FORMAT, instant));
      pnl.push({ labels, ...pnlEntry(outcomes) });
    }
    const by = `by_${this.#label}`;
    return {
      [`trades_${by}`]: { series: trades },
      [`success_rate_${by}`]: { series: success },
      [`trade_latency_${by}`]: { series: latency },
      [`pnl_usd_${by}`]: { series: pnl },
    };
  }

  minuteRows(minute: Minute): readonly HistoryRow[] {
    // As they were counted in the minute, whoever lost his place since: so a row that comes again replaces the first.
    const { byValue } = this.#window.between(minute.fromMs, minute.toMs);
    return Array.from(byValue, ([value, group]) => labelRow(this.#label, value, group, minute));
  }

  collect(instant: Instant): MetricFamily[] {
    const { groups } = this.#recent(instant);
    const told = [...this.#told];
    const { trades, latency, pnl } = tradeLabelMetrics[this.#label];
    return [
      { definition: trades, samples: told.flatMap(statusSamples) },
      {
        definition: latency,
        samples: told.flatMap(({ value, quantiles }) => {
          const group = groups.byValue.get(value);
          return group === undefined ? [] : quantileSamples(quantiles, group.latency);
        }),
      },
      {
        definition: pnl,
        samples: told.flatMap(({ labels, outcomes: { pnlUsd } }) =>
          pnlUsd === null ? [] : [{ labels, value: pnlUsd }],
        ),
      },
    ];
  }

  /** The window by the values that are told apart now. */
  #recent(instant: Instant): { readonly groups: Groups<Group>; readonly seconds: number } {
    const { all, seconds } = this.#window.before(instant);
    const values = instant.live ? [...all.byValue] : [];
    // Mostly, every value has a place: what was merged for this reading needs no second merge.
    if (instant.live && values.every(([value]) => this.#told.nameOf(value) === value))
      return { groups: all, seconds };
    const groups = new Groups(Number.POSITIVE_INFINITY, () => new Group());
    for (const [value, group] of values) groups.of(this.#told.nameOf(value)).merge(group);
    return { groups, seconds };
  }
}

function statusSamples({ outcomes: { trades }, success, failed }: ToldTrades): NumberSample[] {
  return [
    { labels: success, value: trades.succeeded },
    { labels: failed, value: trades.failed },
  ];
}

function pnlEntry({ pnlTrades, pnlUsd }: Outcomes): Omit<LabelledStatisticValue, "labels"> {
  const entry = { value: pnlUsd, unit: "usd", count: pnlTrades, windowSeconds: null };
  if (pnlTrades === 0) return { ...entry, reason: "no such trade has a profit or loss (trade.pnl_usd)" };
  if (pnlUsd !== null) return entry;
  return { ...entry, reason: "an earlier version took a profit or loss that cannot be true" };
}
