import { type Savable, type Saved, SavedFields } from "@slipstream/stats";
import { type EventKind, kindOf, type PointEvent, type SpanEvent } from "../event.ts";
import type { HistoryRow } from "../history/rows.ts";
import type { MetricFamily } from "../metric-family.ts";
import type { VerdictEvent } from "../mev/own-verdicts.ts";
import type { EngineOptions } from "../options.ts";
import { createStatistics } from "./list.ts";
import type { Entry, Instant, Statistic } from "./statistic.ts";

/** All statistics, told and asked together. */
export class StatisticSet implements Savable {
  readonly #all: readonly Statistic[];
  readonly #ofSpans: Readonly<Record<EventKind, readonly Statistic[]>>;
  readonly #ofPoints: readonly Statistic[];
  readonly #onDashboard: readonly Statistic[];

  constructor(options: EngineOptions) {
    this.#all = createStatistics(options);
    const told = (kind: EventKind): Statistic[] =>
      this.#all.filter(({ observe, kinds }) => observe && kinds?.includes(kind) !== false);
    this.#ofSpans = {
      trade: told("trade"),
      node: told("node"),
      jupiter: told("jupiter"),
      database: told("database"),
      other: told("other"),
    };
    this.#ofPoints = this.#all.filter((statistic) => statistic.observePoint);
    this.#onDashboard = this.#all.filter((statistic) => statistic.onDashboard);
  }

  observe(event: SpanEvent): void {
    for (const statistic of this.#ofSpans[kindOf(event)]) statistic.observe?.(event);
  }

  observePoint(point: PointEvent): void {
    for (const statistic of this.#ofPoints) statistic.observePoint?.(point);
  }

  observeVerdict(verdict: VerdictEvent): void {
    for (const statistic of this.#all) statistic.observeVerdict?.(verdict);
  }

  advance(timeMs: number): void {
    for (const statistic of this.#all) statistic.advance?.(timeMs);
  }

  read(instant: Instant): Record<string, Entry> {
    return readEach(this.#all, instant);
  }

  /** Those only that the dashboard's values are among. */
  readDashboard(instant: Instant): Record<string, Entry> {
    return readEach(this.#onDashboard, instant);
  }

  minuteRows(fromMs: number, toMs: number): readonly HistoryRow[] {
    return this.#all.flatMap((statistic) => statistic.minuteRows?.(fromMs, toMs) ?? []);
  }

  collect(instant: Instant): MetricFamily[] {
    return this.#all.flatMap((statistic) => statistic.collect(instant));
  }

  /** By the names of the statistics. */
  save(): Saved {
    return Object.fromEntries(this.#all.map((statistic) => [statistic.name, statistic.save()]));
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved statistics", saved);
    for (const statistic of this.#all) statistic.load(fields.any(statistic.name));
  }
}

function readEach(statistics: readonly Statistic[], instant: Instant): Record<string, Entry> {
  return Object.assign({}, ...statistics.map((statistic) => statistic.read(instant)));
}
