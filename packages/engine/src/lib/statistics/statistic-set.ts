import type { MetricFamily } from "@slipstream/exposition";
import type { Resource } from "@slipstream/otlp/decode";
import { type EventKind, kindOf, type PointEvent, type SpanEvent } from "../event.ts";
import type { Minute } from "../history/minutes.ts";
import type { HistoryRow } from "../history/rows.ts";
import type { VerdictChange } from "../mev/own-verdicts.ts";
import type { EngineOptions } from "../options.ts";
import type { Since } from "../parts/part.ts";
import { dated } from "./dated.ts";
import { createStatistics } from "./list.ts";
import type { Entry, Instant, Statistic } from "./statistic.ts";

/** All statistics, told and asked together. */
export class StatisticSet {
  /** By the names that they are saved under. */
  readonly parts: Readonly<Record<string, Statistic>>;
  readonly #all: readonly Statistic[];
  readonly #onDashboard: readonly Statistic[];
  // Those that only alerts read, by keys of their own.
  #more: ReadonlyMap<string, Statistic> = new Map();
  #told: Told;
  /** Which of them has a value, by the value's name. */
  #byValue: ReadonlyMap<string, Statistic> | undefined;

  constructor(options: EngineOptions) {
    this.#all = createStatistics(options);
    this.parts = Object.fromEntries(
      this.#all.map((statistic) => [`statistics.${statistic.name}`, statistic]),
    );
    this.#told = new Told(this.#all);
    this.#onDashboard = this.#all.filter((statistic) => statistic.onDashboard);
  }

  /** Those beside the usual ones: they are told everything, and nobody reads them but by `more`. */
  get more(): ReadonlyMap<string, Statistic> {
    return this.#more;
  }

  set more(more: ReadonlyMap<string, Statistic>) {
    this.#more = more;
    this.#told = new Told([...this.#all, ...more.values()]);
  }

  /** The name of the statistic that has a value; undefined if none has. */
  nameOf(value: string, instant: Instant): string | undefined {
    this.#byValue ??= new Map(
      this.#all.flatMap((statistic) => Object.keys(statistic.read(instant)).map((name) => [name, statistic])),
    );
    return this.#byValue.get(value)?.name;
  }

  hear(resource: Resource, service: string, timeMs: number, receivedMs: number, clockKnown: boolean): void {
    for (const statistic of this.#told.signs)
      statistic.hear?.(resource, service, timeMs, receivedMs, clockKnown);
  }

  observe(event: SpanEvent): void {
    for (const statistic of this.#told.spans[kindOf(event)]) statistic.observe?.(event);
  }

  exemplify(event: SpanEvent): void {
    for (const statistic of this.#told.spans[kindOf(event)]) statistic.exemplify?.(event);
  }

  observePoint(point: PointEvent): void {
    for (const statistic of this.#told.points) statistic.observePoint?.(point);
  }

  observeVerdict(verdict: VerdictChange): void {
    for (const statistic of this.#told.all) statistic.observeVerdict?.(verdict);
  }

  unwatched(ms: number): void {
    for (const statistic of this.#told.all) statistic.unwatched?.(ms);
  }

  advance(timeMs: number): void {
    for (const statistic of this.#told.all) statistic.advance?.(timeMs);
  }

  /** @param sinceOf since when the part of that name counts */
  read(instant: Instant, sinceOf: (name: string) => Since | undefined): Record<string, Entry> {
    const entries: Record<string, Entry> = {};
    for (const [name, statistic] of Object.entries(this.parts)) {
      const since = sinceOf(name);
      for (const [key, entry] of Object.entries(statistic.read(instant)))
        entries[key] = since === undefined ? entry : dated(entry, since);
    }
    return entries;
  }

  /** Those only that the dashboard's values are among. */
  readDashboard(instant: Instant): Record<string, Entry> {
    return readEach(this.#onDashboard, instant);
  }

  minuteRows(minute: Minute): readonly HistoryRow[] {
    return this.#all.flatMap((statistic) => statistic.minuteRows?.(minute) ?? []);
  }

  collect(instant: Instant): MetricFamily[] {
    return this.#all.flatMap((statistic) => statistic.collect(instant));
  }
}

/** Who is told what. */
class Told {
  readonly all: readonly Statistic[];
  readonly spans: Readonly<Record<EventKind, readonly Statistic[]>>;
  readonly signs: readonly Statistic[];
  readonly points: readonly Statistic[];

  constructor(all: readonly Statistic[]) {
    this.all = all;
    const told = (kind: EventKind): Statistic[] =>
      all.filter(({ observe, kinds }) => observe && kinds?.includes(kind) !== false);
    this.spans = {
      trade: told("trade"),
      node: told("node"),
      jupiter: told("jupiter"),
      database: told("database"),
      other: told("other"),
    };
    this.signs = all.filter((statistic) => statistic.hear);
    this.points = all.filter((statistic) => statistic.observePoint);
  }
}

function readEach(statistics: readonly Statistic[], instant: Instant): Record<string, Entry> {
  return Object.assign({}, ...statistics.map((statistic) => statistic.read(instant)));
}
