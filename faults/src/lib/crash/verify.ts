import type { Served } from "../aggregator/read.ts";
import { readStoredHistory } from "../aggregator/stored-history.ts";
import { readStoredLog } from "../aggregator/stored-log.ts";
import { readStoredSeries } from "../aggregator/stored-series.ts";
import { differences } from "../compare/differences.ts";
import { samplesOf, samplesWithoutArrival, totalsOf } from "../compare/metrics.ts";
import { bySeries, withoutArrival } from "../compare/statistics.ts";
import type { Batch } from "../load/batch.ts";
import { Uninterrupted } from "../uninterrupted.ts";

/** Differences of one kind that are told. */
const MOST_TOLD = 8;

export interface Outcome {
  /** Data directory of the aggregator, which has ended. */
  readonly data: string;
  /** What was sent, in the order it was made. All of it was acknowledged. */
  readonly sent: readonly Batch[];
  /** What the aggregator served last. */
  readonly served: Served;
  readonly backlog: boolean;
}

/**
 * Compares what an interrupted aggregator says with two engines that nothing interrupted: one that was given the
 * batches as they were made, each once and in order; and one that was given the aggregator's own log. The first would find
 * what the log lost or holds wrongly, the second is equal to the last digit, times of receipt and ticks included.
 *
 * @returns what is wrong
 */
export async function verify(outcome: Outcome): Promise<string[]> {
  const { data, sent, served, backlog } = outcome;
  const made = new Uninterrupted();
  const receivedMs = Date.now();
  for (const batch of sent) await made.applyBatch(batch, receivedMs);

  const records = readStoredLog(data);
  const upToServed = new Uninterrupted();
  const logged = new Uninterrupted();
  for (const { position, record } of records) {
    if (position <= served.position) await upToServed.apply(record);
    await logged.apply(record);
  }
  const stored = readStoredSeries(data);
  const history = readStoredHistory(data);

  return [
    ...compared("replayed log, statistics", bySeries(upToServed.current()), bySeries(served.current)),
    ...compared("replayed log, metrics", samplesOf(upToServed.metrics()), ofEngine(served, upToServed)),
    ...compared("replayed log, series", await logged.series(), stored),
    ...compared("replayed log, history", logged.history(), history),
    ...compared("duplicates", duplicatesOf(records), duplicatesServed(served)),
    ...(backlog
      ? [
          ...compared(
            "what was sent, statistics",
            bySeries(withoutArrival(made.current())),
            bySeries(withoutArrival(served.current)),
          ),
          ...compared(
            "what was sent, metrics",
            samplesWithoutArrival(samplesOf(made.metrics())),
            samplesWithoutArrival(ofEngine(served, made)),
          ),
          ...compared("what was sent, series", await made.series(), stored),
          ...compared("what was sent, history", made.history(), history),
        ]
      : compared(
          "what was sent, totals",
          totalsOf(samplesOf(made.metrics())),
          totalsOf(ofEngine(served, made)),
        )),
    ...compared("spans received", distinctSpans(sent).size, receivedServed(served)),
  ];
}

/** The spans in the batches, each once. */
export function distinctSpans(batches: readonly Batch[]): Set<string> {
  return new Set(batches.flatMap(({ spans }) => spans));
}

function compared(what: string, expected: unknown, actual: unknown): string[] {
  const found = differences(expected, actual);
  const told = found.slice(0, MOST_TOLD).map((difference) => `${what}: ${difference}`);
  return found.length > told.length ? [...told, `${what}: ${found.length - told.length} more`] : told;
}

function ofEngine({ metrics }: Served, engine: Uninterrupted): ReturnType<typeof samplesOf> {
  return samplesOf(metrics, engine.metrics());
}

/** Spans of the log that came before in it. */
function duplicatesOf(records: ReturnType<typeof readStoredLog>): number {
  const seen = new Set<string>();
  let all = 0;
  for (const { record } of records) {
    if (record.batch.kind !== "traces") continue;
    for (const { trace0, trace1, trace2, trace3, span0, span1 } of record.batch.spans) {
      all += 1;
      seen.add([trace0, trace1, trace2, trace3, span0, span1].join());
    }
  }
  return all - seen.size;
}

function duplicatesServed({ current }: Served): number {
  return Object.values(current.services).reduce((sum, { duplicate }) => sum + duplicate, 0);
}

function receivedServed({ current }: Served): number {
  return Object.values(current.services).reduce((sum, { received }) => sum + received, 0);
}
