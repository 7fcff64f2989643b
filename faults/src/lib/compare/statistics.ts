import type { CurrentStatistics } from "@slipstream/aggregator";

/** `/api/current` in a form in which order does not matter: series by their labels. */
export function bySeries({ time, statistics, services }: CurrentStatistics): Record<string, unknown> {
  const unordered = Object.entries(statistics).map(([name, entry]) => {
    if (!("series" in entry)) return [name, entry];
    return [name, new Map(entry.series.map((one) => [labelText(one.labels), one]))];
  });
  return { time, statistics: Object.fromEntries(unordered), services };
}

/** Without the counts that tell how requests arrived: repeated or late ones, and items that have no identity. */
export function withoutArrival({ services, ...rest }: CurrentStatistics): CurrentStatistics {
  const counted = Object.entries(services).map(
    ([name, { duplicate: _, late: __, refused: ___, ...service }]) => [name, service],
  );
  return { ...rest, services: Object.fromEntries(counted) };
}

function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join(",");
}
