import type { StatisticValue } from "../model.ts";
import type { Since } from "../parts/part.ts";
import type { Entry } from "./statistic.ts";

/** With the time since when it counts, if it is a total: a window says by itself how far back it reaches. */
export function dated(entry: Entry, since: Since): Entry {
  if ("series" in entry)
    return { series: entry.series.map((value) => ({ ...value, ...told(value, since) })) };
  return { ...entry, ...told(entry, since) };
}

function told({ windowSeconds, reason }: StatisticValue, { ms, exact }: Since): Partial<StatisticValue> {
  if (windowSeconds !== null) return {};
  const time = new Date(ms).toISOString();
  if (exact) return { since: time };
  return {
    since: null,
    reason: reason ?? `counts since ${time} or earlier; the exact time was not recorded`,
  };
}
