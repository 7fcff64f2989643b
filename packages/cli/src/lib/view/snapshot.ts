import type { CurrentStatistics, StatisticValue } from "@slipstream/engine";
import type { AggregatorClient } from "../client/aggregator-client.ts";
import type { AlertsAnswer } from "../client/alerts-schema.ts";
import type { ReadinessAnswer } from "../client/readiness-schema.ts";

/** Something that statistics can be read of. */
export interface WithCurrent {
  readonly current: CurrentStatistics;
}

/** What the view is drawn from. */
export interface Snapshot extends WithCurrent {
  readonly readiness: ReadinessAnswer;
  /** undefined: it is an older aggregator, which has none. */
  readonly alerts: AlertsAnswer | undefined;
  /** When it was taken, Unix ms. */
  readonly takenMs: number;
}

/** Asks an aggregator for all that the view needs. @throws ClientError */
export async function takeSnapshot(client: AggregatorClient): Promise<Snapshot> {
  const [current, readiness, alerts] = await Promise.all([
    client.current(),
    client.readiness(),
    client.alerts(),
  ]);
  return { current, readiness, alerts, takenMs: Date.now() };
}

/** The statistic, undefined where this aggregator has none of that name. */
export function statistic({ current }: WithCurrent, name: string): StatisticValue | undefined {
  const entry = current.statistics[name];
  return entry === undefined || "series" in entry ? undefined : entry;
}

/** The statistic's number, undefined where it is unknown. */
export function numberOf(snapshot: WithCurrent, name: string): number | undefined {
  const value = statistic(snapshot, name)?.value;
  return typeof value === "number" ? value : undefined;
}

/** The member of a series that has these labels. */
export function member(
  { current }: WithCurrent,
  name: string,
  labels: Readonly<Record<string, string>>,
): StatisticValue | undefined {
  const entry = current.statistics[name];
  if (entry === undefined || !("series" in entry)) return undefined;
  return entry.series.find((one) =>
    Object.entries(labels).every(([label, value]) => one.labels[label] === value),
  );
}

/** The different values of a label in a series, in order of appearance. */
export function labelValues({ current }: WithCurrent, name: string, label: string): string[] {
  const entry = current.statistics[name];
  if (entry === undefined || !("series" in entry)) return [];
  return [...new Set(entry.series.flatMap(({ labels }) => labels[label] ?? []))];
}
