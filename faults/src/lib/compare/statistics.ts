import type { CurrentStatistics, StatisticValue } from "@slipstream/engine";

/** `/api/current` in a form in which order does not matter: series by their labels. */
export function bySeries({ time, statistics, services }: CurrentStatistics): Record<string, unknown> {
  const unordered = Object.entries(statistics).map(([name, entry]) => {
    if (!("series" in entry)) return [name, entry];
    return [name, new Map(entry.series.map((one) => [labelText(one.labels), one]))];
  });
  return { time, statistics: Object.fromEntries(unordered), services };
}

/**
 * Without what depends on how and when requests arrived: since when totals count; counts of repeated and late spans, and of
 * items that have no identity; and the gaps, which say when they were noticed and of which those noticed last are named. How
 * many spans are missing stays.
 */
export function withoutArrival({ statistics, services, ...rest }: CurrentStatistics): CurrentStatistics {
  const counted = Object.entries(services).map(([name, counts]) => {
    const {
      since: _,
      duplicate: _duplicate,
      late: _late,
      refused: _refused,
      gaps: _gaps,
      ...service
    } = counts;
    return [name, service];
  });
  const undated = Object.entries(statistics).map(([name, entry]) => [
    name,
    "series" in entry ? { series: entry.series.map(withoutSince) } : withoutSince(entry),
  ]);
  return { ...rest, statistics: Object.fromEntries(undated), services: Object.fromEntries(counted) };
}

function withoutSince<Value extends StatisticValue>({ since: _, ...value }: Value): Omit<Value, "since"> {
  return value;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join(",");
}
