import { callLatencyMetrics } from "@slipstream/conventions";
import { type Saved, SavedFields } from "@slipstream/stats";
import type { Call, CallKind, EventKind, SpanEvent } from "../../event.ts";
import { callsRow } from "../../history/calls-row.ts";
import { MINUTE_MS, type Minute } from "../../history/minutes.ts";
import type { HistoryRow } from "../../history/rows.ts";
import type { Labels, MetricFamily } from "../../metric-family.ts";
import type { LabelledStatisticValue } from "../../model.ts";
import type { EngineOptions } from "../../options.ts";
import { milliseconds, quantileEntry, shareEntry } from "../entries.ts";
import { nodeMethodFilter } from "../node-methods.ts";
import type { Entry, Instant, Statistic } from "../statistic.ts";
import { Calls } from "./calls.ts";
import { CoarseWindow } from "./coarse-window.ts";
import { Groups } from "./groups.ts";
import { largest } from "./largest.ts";

const QUANTILES = [0.5, 0.95, 0.99, 0.999];
const UNKNOWN = "unknown";
const WHAT = "such calls";
const FORMAT = milliseconds(WHAT);
/** In each minute so many times more services have a place of their own than are shown. */
const PLACES = 2;

/**
 * Latency of calls, and the share that failed, by service over the percentile window. `maxLabelValues` services are shown,
 * those with the most calls, and the rest is "other", so that the sum is that of all calls.
 */
export class CallsByService implements Statistic {
  readonly name: string;
  readonly onDashboard = false;
  readonly kinds: readonly EventKind[];
  readonly #kind: CallKind;
  readonly #most: number;
  // Of the node, those that its percentiles count: see `nodeLatency`.
  readonly #isCounted: (call: Call) => boolean;
  readonly #basis: string;
  readonly #window: CoarseWindow<Groups<Calls>>;
  // Of what was shown last: whoever writes `/metrics` looks whether the labels are still the same.
  #labels: ReadonlyMap<string, LabelsOf> = new Map();

  constructor(kind: CallKind, options: EngineOptions) {
    const { maxLabelValues, percentileWindowSeconds: seconds, amendmentSeconds, nodeMethods } = options;
    this.name = `${kind}_calls_by_service`;
    this.kinds = [kind];
    this.#kind = kind;
    this.#most = maxLabelValues;
    this.#isCounted = kind === "node" ? nodeMethodFilter(options) : () => true;
    this.#basis = kind === "node" ? JSON.stringify(nodeMethods) : "";
    this.#window = new CoarseWindow({
      seconds,
      paneMs: MINUTE_MS,
      amendmentSeconds: Math.max(0, amendmentSeconds - seconds),
      create: () => new Groups(PLACES * maxLabelValues, () => new Calls()),
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
      for (const { q, labels } of quantiles)
        latency.push({ labels, ...quantileEntry(of.latency, q, seconds, FORMAT, instant) });
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
    const samples = this.#shown(instant).shown.flatMap(({ quantiles, of }) =>
      quantiles.flatMap(({ q, labels }) => {
        const value = of.latency.quantile(q)?.value;
        return value === undefined ? [] : [{ labels, value }];
      }),
    );
    return [{ definition: callLatencyMetrics[this.#kind], samples }];
  }

  #shown(instant: Instant): { readonly shown: readonly Shown[]; readonly seconds: number } {
    const { all, seconds } = this.#window.before(instant);
    if (!instant.live) return { shown: [], seconds };
    const values = largest(all.byValue, {
      most: this.#most,
      sizeOf: ({ calls }) => calls.all,
      create: () => new Calls(),
    });
    const shown = values.map(({ value, of }) => ({
      ...(this.#labels.get(value) ?? labelsOf(value)),
      value,
      of,
    }));
    this.#labels = new Map(shown.map(({ value, labels, quantiles }) => [value, { labels, quantiles }]));
    return { shown, seconds };
  }
}

interface LabelsOf {
  readonly labels: Labels;
  readonly quantiles: readonly { readonly q: number; readonly labels: Labels }[];
}

interface Shown extends LabelsOf {
  readonly of: Calls;
}

function labelsOf(service: string): LabelsOf {
  return {
    labels: { service },
    quantiles: QUANTILES.map((q) => ({ q, labels: { service, quantile: String(q) } })),
  };
}
