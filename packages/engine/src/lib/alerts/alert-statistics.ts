import { type Saved, SavedFields } from "@slipstream/stats";
import type { EngineOptions } from "../options.ts";
import { migrated, type Part, versionOf } from "../parts/part.ts";
import { createStatistics } from "../statistics/list.ts";
import type { Statistic } from "../statistics/statistic.ts";
import type { StatisticSet } from "../statistics/statistic-set.ts";
import { takeUp } from "../statistics/take-up.ts";
import { Days } from "./days.ts";
import { keyOf, type WindowOf } from "./readings.ts";

const DAYS = "days";

/** What alerts need beside the usual statistics. */
export interface AlertNeeds {
  readonly windows: readonly WindowOf[];
  readonly days: boolean;
}

/** A statistic as it is counted with another window. It is read at the newest instant only, so nothing is kept to amend others. */
function withWindow(name: string, seconds: number, options: EngineOptions): Statistic | undefined {
  const windows = { rateWindowSeconds: seconds, percentileWindowSeconds: seconds, mevWindowSeconds: seconds };
  return createStatistics({ ...options, ...windows, amendmentSeconds: 0 }).find((one) => one.name === name);
}

/** The days, if they are counted. */
export function daysIn(statistics: StatisticSet): Days | undefined {
  const days = statistics.more.get(DAYS);
  return days instanceof Days ? days : undefined;
}

/**
 * Has the statistics that are needed be counted, and no others. A new one takes up what the usual one knows, as far as that reaches.
 *
 * @param begin called for one that begins with nothing although it may be told what changes
 */
export function provide(
  { windows, days }: AlertNeeds,
  statistics: StatisticSet,
  options: EngineOptions,
  begin: (statistic: Statistic) => void,
): void {
  const before = statistics.more;
  const more: Map<string, Statistic> = new Map();
  for (const window of windows) {
    const key = keyOf(window);
    const made = before.get(key) ?? newWindow(window, statistics, options, begin);
    if (made !== undefined) more.set(key, made);
  }
  if (days) more.set(DAYS, before.get(DAYS) ?? newDays(begin));
  if (more.size > 0 || before.size > 0) statistics.more = more;
}

/** Those of the statistics before, under new options. */
export function carryOver(before: StatisticSet, statistics: StatisticSet, options: EngineOptions): void {
  if (before.more.size === 0) return;
  const more: Map<string, Statistic> = new Map();
  for (const [key, old] of before.more) {
    const made = madeFor(key, options);
    made?.load(old.save());
    if (made !== undefined) more.set(key, made);
  }
  statistics.more = more;
}

/** They are saved together: which ones there are depends on the rules. */
export function partOf(statistics: StatisticSet, options: EngineOptions): Part {
  return {
    // Provisional verdicts are taken back when final ones come.
    needs: ["verdicts"],
    save: () =>
      Array.from(statistics.more, ([key, one]) => ({ key, version: versionOf(one), data: one.save() })),
    load: (saved) => {
      statistics.more = loaded(saved, options);
    },
  };
}

function loaded(saved: Saved, options: EngineOptions): ReadonlyMap<string, Statistic> {
  if (!Array.isArray(saved)) throw new TypeError("Not saved statistics of alerts: no list");
  const more: Map<string, Statistic> = new Map();
  for (const each of saved) {
    const fields = new SavedFields("a saved statistic of alerts", each);
    const made = madeFor(fields.text("key"), options);
    if (made === undefined) continue;
    made.load(migrated(made, { version: fields.number("version"), data: fields.any("data") }));
    more.set(fields.text("key"), made);
  }
  return more;
}

function madeFor(key: string, options: EngineOptions): Statistic | undefined {
  if (key === DAYS) return new Days();
  const [, part = "", seconds = ""] = /^(.*)\[(\d+)\]$/.exec(key) ?? [];
  return withWindow(part, Number(seconds), options);
}

function newDays(begin: (statistic: Statistic) => void): Days {
  const days = new Days();
  begin(days);
  return days;
}

function newWindow(
  { part, seconds }: WindowOf,
  statistics: StatisticSet,
  options: EngineOptions,
  begin: (statistic: Statistic) => void,
): Statistic | undefined {
  const made = withWindow(part, seconds, options);
  const usual = statistics.parts[`statistics.${part}`];
  if (made === undefined || usual === undefined) return undefined;
  takeUp(made, usual, begin);
  return made;
}
