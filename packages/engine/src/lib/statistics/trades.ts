import { aggregatorMetrics, serviceMetrics } from "@slipstream/conventions";
import { type Saved, SavedFields } from "@slipstream/stats";
import { BOUNDARY_MS, boundaryAtOrAfter } from "../boundaries.ts";
import type { EventKind, SpanEvent } from "../event.ts";
import { MINUTE_MS } from "../history/minutes.ts";
import type { MetricFamily, NumberSample } from "../metric-family.ts";
import type { StatisticValue } from "../model.ts";
import type { EngineOptions } from "../options.ts";
import { Share } from "./counts.ts";
import { shareEntry } from "./entries.ts";
import { ratioFamilies } from "./ratio-families.ts";
import type { Entry, Instant, Statistic } from "./statistic.ts";
import { nothingIn, rateWindow, type Window } from "./window.ts";

/** Of less time a rate says too little. */
const LEAST_MS = 5_000;
const UNIT = "trades";
const SUCCEEDED = { status: "success" };
const FAILED = { status: "failed" };
const SUCCESS = {
  ratio: aggregatorMetrics.success,
  low: aggregatorMetrics.successLow,
  high: aggregatorMetrics.successHigh,
  samples: aggregatorMetrics.successSamples,
};

/** Trades: their totals since the log began, those per minute, and the share that succeeded. */
export class Trades implements Statistic {
  readonly name = "trades";
  readonly onDashboard = true;
  readonly kinds: readonly EventKind[] = ["trade"];
  readonly #total: Share = new Share();
  // `part`: those that succeeded
  readonly #window: Window<Share>;

  constructor(options: EngineOptions) {
    this.#window = rateWindow(options, () => new Share());
  }

  observe(event: SpanEvent): void {
    const { trade } = event;
    if (trade === undefined) return;
    this.#total.count(!trade.failed);
    this.#window.paneOf(event)?.count(!trade.failed);
  }

  advance(timeMs: number): void {
    this.#window.advance(timeMs);
  }

  save(): Saved {
    return { total: this.#total.save(), window: this.#window.save() };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved trades", saved);
    this.#total.load(fields.any("total"));
    this.#window.load(fields.any("window"));
  }

  read(instant: Instant): Record<string, Entry> {
    const recent = this.#window.before(instant);
    return {
      trades: { series: this.#totals().map(({ labels, value }) => ({ labels, ...totalEntry(value) })) },
      trades_per_minute: this.#perMinute(instant),
      success_rate: shareEntry(recent.part, recent.all, this.#window.seconds, "trades", instant),
    };
  }

  collect(instant: Instant): MetricFamily[] {
    const recent = this.#window.before(instant);
    const success = shareEntry(recent.part, recent.all, this.#window.seconds, "trades", instant);
    return [
      { definition: serviceMetrics.trades, samples: this.#totals() },
      ...ratioFamilies(SUCCESS, success),
    ];
  }

  #totals(): NumberSample[] {
    const { part, all } = this.#total;
    return [
      { labels: SUCCEEDED, value: part },
      { labels: FAILED, value: all - part },
    ];
  }

  // A desk that lives and does not trade has a true 0. Only the time counts in which it was heard of, without the part
  // of the last pane that is still to come.
  #perMinute(instant: Instant): StatisticValue {
    const { boundaryMs, coveredMs, live, liveSinceMs } = instant;
    const { seconds } = this.#window;
    const beginMs = boundaryMs - seconds * 1_000;
    const fromMs = liveSinceMs === undefined ? beginMs : boundaryAtOrAfter(liveSinceMs) - BOUNDARY_MS;
    const count = live ? this.#window.between(Math.max(beginMs, fromMs), boundaryMs).all : 0;
    const passedMs = Math.min(coveredMs, boundaryMs) - Math.max(liveSinceMs ?? beginMs, beginMs);
    const entry = { unit: "1/min", count, windowSeconds: Math.max(0, Math.round(passedMs) / 1_000) };
    if (!live) return { value: null, ...entry, reason: nothingIn(seconds, UNIT, instant) };
    if (passedMs <= 0 || (liveSinceMs !== undefined && passedMs < LEAST_MS)) {
      return { value: null, ...entry, reason: `known ${LEAST_MS / 1_000} s after the first data` };
    }
    return { value: (count * MINUTE_MS) / passedMs, ...entry };
  }
}

function totalEntry(count: number): StatisticValue {
  return { value: count, unit: UNIT, count, windowSeconds: null };
}
