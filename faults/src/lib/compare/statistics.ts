import { BY_RECEIPT, type CurrentStatistics, type StatisticValue } from "@slipstream/engine";

/** `/api/current` in a form in which order does not matter: series by their labels. */
export function bySeries({ time, statistics, services }: CurrentStatistics): Record<string, unknown> {
  const unordered = Object.entries(statistics).map(([name, entry]) => {
    if (!("series" in entry)) return [name, entry];
    return [name, new Map(entry.series.map((one) => [labelText(one.labels), one]))];
  });
  return { time, statistics: Object.fromEntries(unordered), services };
}

/** Without what time alone changes. */
export function withoutReceipt({ statistics, ...rest }: CurrentStatistics): CurrentStatistics {
  const kept = Object.entries(statistics).filter(([name]) => !BY_RECEIPT.has(name));
  return { ...rest, statistics: Object.fromEntries(kept) };
}

/**
 * Without what depends on how and when requests arrived: what goes by the time of receipt; since when totals count; counts of repeated and late spans, and of
 * items that have no identity; and the gaps, which say when they were noticed and of which those noticed last are named. How
 * many spans are missing stays.
 */
export function withoutArrival(current: CurrentStatistics): CurrentStatistics {
  const { statistics, services, ...rest } = withoutReceipt(current);
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
