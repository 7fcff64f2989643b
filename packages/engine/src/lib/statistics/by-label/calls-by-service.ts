import { callLatencyMetrics } from "@slipstream/conventions";
import type { Labels, MetricFamily } from "@slipstream/exposition";
import { type Saved, SavedFields } from "@slipstream/stats";
import type { Call, CallKind, EventKind, SpanEvent } from "../../event.ts";
import { callsRow } from "../../history/calls-row.ts";
import type { Minute } from "../../history/minutes.ts";
import type { HistoryRow } from "../../history/rows.ts";
import type { LabelledStatisticValue } from "../../model.ts";
import type { EngineOptions } from "../../options.ts";
import { milliseconds, shareEntry } from "../entries.ts";
import { nodeMethodFilter } from "../node-methods.ts";
import { type QuantileLabels, quantileLabels, quantileSamples, quantileSeries } from "../quantile-labels.ts";
import type { Entry, Instant, Statistic } from "../statistic.ts";
import { Calls } from "./calls.ts";
import type { CoarseWindow } from "./coarse-window.ts";
import { type Groups, groupsByMinute } from "./groups.ts";
import { Largest, type Shown } from "./largest.ts";

const UNKNOWN = "unknown";
const WHAT = "such calls";
const FORMAT = milliseconds(WHAT);

/**
 * Latency of calls, and the share that failed, by service over the percentile window. `maxLabelValues` services are shown,
 * those with the most calls, and the rest is "other", so that the sum is that of all calls.
 */
export class CallsByService implements Statistic {
  readonly name: string;
  readonly onDashboard = false;
  readonly kinds: readonly EventKind[];
  readonly #kind: CallKind;
  // Of the node, those that its percentiles count: see `nodeLatency`.
  readonly #isCounted: (call: Call) => boolean;
  readonly #basis: string;
  readonly #window: CoarseWindow<Groups<Calls>>;
  readonly #largest: Largest<Calls, LabelsOf>;

  constructor(kind: CallKind, options: EngineOptions) {
    this.name = `${kind}_calls_by_service`;
    this.kinds = [kind];
    this.#kind = kind;
    this.#isCounted = kind === "node" ? nodeMethodFilter(options) : () => true;
    this.#basis = kind === "node" ? JSON.stringify(options.nodeMethods) : "";
    this.#window = groupsByMinute(options, () => new Calls());
    this.#largest = new Largest({
      most: options.maxLabelValues,
      sizeOf: ({ calls }) => calls.all,
      create: () => new Calls(),
      labelsOf,
    });
  }

  observe({ call, service = UNKNOWN, live, inWindow, timeMs, seconds }: SpanEvent): void {
    if (call === undefined || !(live && inWindow) || !this.#isCounted(call)) return;
    this.#window.at(timeMs)?.of(service).count(call, seconds);
  }

  advance(timeMs: number): void {
    this.#window.advance(timeMs);
  }

  save(): Saved {
    return { basis: this.#basis, window: this.#window.save() };
  }

  load(saved: Saved): void {
    const fields = new SavedFields(`saved ${this.name}`, saved);
    if (fields.text("basis") === this.#basis) this.#window.load(fields.any("window"));
  }

  read(instant: Instant): Record<string, Entry> {
    const { shown, seconds } = this.#shown(instant);
    const latency: LabelledStatisticValue[] = [];
    const errors: LabelledStatisticValue[] = [];
    for (const { labels, quantiles, of } of shown) {
      latency.push(...quantileSeries(quantiles, of.latency, seconds, FORMAT, instant));
      errors.push({ labels, ...shareEntry(of.calls.part, of.calls.all, seconds, WHAT, instant) });
    }
    return {
      [`${this.#kind}_latency_by_service`]: { series: latency },
      [`${this.#kind}_error_rate_by_service`]: { series: errors },
    };
  }

  minuteRows(minute: Minute): readonly HistoryRow[] {
    const { byValue } = this.#window.between(minute.fromMs, minute.toMs);
    return Array.from(byValue, ([service, calls]) => callsRow(this.#kind, service, calls, minute));
  }

  collect(instant: Instant): MetricFamily[] {
    const { shown } = this.#shown(instant);
    const samples = shown.flatMap(({ quantiles, of }) => quantileSamples(quantiles, of.latency));
    return [{ definition: callLatencyMetrics[this.#kind], samples }];
  }

  #shown(instant: Instant): { readonly shown: readonly Shown<Calls, LabelsOf>[]; readonly seconds: number } {
    const { all, seconds } = this.#window.before(instant);
    return { shown: instant.live ? this.#largest.of(all.byValue) : [], seconds };
  }
}

interface LabelsOf {
  readonly labels: Labels;
  readonly quantiles: QuantileLabels;
}

function labelsOf(service: string): LabelsOf {
  const labels = { service };
  return { labels, quantiles: quantileLabels(labels) };
}
