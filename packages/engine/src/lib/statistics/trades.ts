import { aggregatorMetrics, serviceMetrics } from "@slipstream/conventions";
import type { MetricFamily, NumberSample } from "@slipstream/exposition";
import { type Saved, SavedFields } from "@slipstream/stats";
import { BOUNDARY_MS, boundaryAtOrAfter } from "../boundaries.ts";
import type { EventKind, SpanEvent } from "../event.ts";
import { MINUTE_MS } from "../history/minutes.ts";
import type { StatisticValue } from "../model.ts";
import type { EngineOptions } from "../options.ts";
import { StatusCounts } from "./counts.ts";
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

/**
 * Trades: their totals since the log began, those per minute, and the shares that succeeded and failed. One whose status is not known is
 * among those per minute only.
 */
export class Trades implements Statistic {
  readonly name = "trades";
  readonly onDashboard = true;
  readonly kinds: readonly EventKind[] = ["trade"];
  readonly #total: StatusCounts = new StatusCounts();
  readonly #window: Window<StatusCounts>;

  constructor(options: EngineOptions) {
    this.#window = rateWindow(options, () => new StatusCounts());
  }

  observe(event: SpanEvent): void {
    const { trade } = event;
    if (trade === undefined) return;
    this.#total.count(trade.status);
    this.#window.paneOf(event)?.count(trade.status);
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
    return {
      trades: { series: this.#totals().map(({ labels, value }) => ({ labels, ...totalEntry(value) })) },
      trades_per_minute: this.#perMinute(instant),
      success_rate: this.#share("succeeded", instant),
      failure_rate: this.#share("failed", instant),
    };
  }

  collect(instant: Instant): MetricFamily[] {
    return [
      { definition: serviceMetrics.trades, samples: this.#totals() },
      ...ratioFamilies(SUCCESS, this.#share("succeeded", instant)),
    ];
  }

  #totals(): NumberSample[] {
    const { succeeded, failed } = this.#total;
    return [
      { labels: SUCCEEDED, value: succeeded },
      { labels: FAILED, value: failed },
    ];
  }

  /** Of the trades whose status is known. */
  #share(part: "succeeded" | "failed", instant: Instant): StatisticValue {
    const counts = this.#window.before(instant);
    const { known, unknown } = counts;
    const entry = shareEntry(counts[part], known, this.#window.seconds, "trades", instant);
    if (unknown === 0) return entry;
    return { ...entry, reason: `the status of ${unknown} of ${known + unknown} trades is not known` };
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
      return { value: null, ...entry, reason: `not known until ${LEAST_MS / 1_000} s after the first data` };
    }
    return { value: (count * MINUTE_MS) / passedMs, ...entry };
  }
}

function totalEntry(count: number): StatisticValue {
  return { value: count, unit: UNIT, count, windowSeconds: null };
}
