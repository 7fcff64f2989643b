import type { CurrentStatistics } from "@slipstream/engine";

/** `/api/current` in a form in which order does not matter: series by their labels. */
export function bySeries({ time, statistics, services }: CurrentStatistics): Record<string, unknown> {
  const unordered = Object.entries(statistics).map(([name, entry]) => {
    if (!("series" in entry)) return [name, entry];
    return [name, new Map(entry.series.map((one) => [labelText(one.labels), one]))];
  });
  return { time, statistics: Object.fromEntries(unordered), services };
}

/**
 * Without what tells how requests arrived: counts of repeated and late spans, and of items that have no identity; and the
 * gaps, which tell when they were noticed and of which those noticed last are named. How many spans are missing stays.
 */
export function withoutArrival({ services, ...rest }: CurrentStatistics): CurrentStatistics {
  const counted = Object.entries(services).map(([name, counts]) => {
    const { duplicate: _, late: _late, refused: _refused, gaps: _gaps, ...service } = counts;
    return [name, service];
  });
  return { ...rest, services: Object.fromEntries(counted) };
}

function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join(",");
}
