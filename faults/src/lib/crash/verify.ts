import { type MevReport, openEmbeddedReader, replayLog } from "@slipstream/aggregator";
import { attribute } from "@slipstream/conventions";
import { rowOfDesk } from "@slipstream/engine";
import type { ReportQuestion, Served } from "../aggregator/read.ts";
import { readStoredHistory, rowsOf, type Tables } from "../aggregator/stored-history.ts";
import { readStoredLog, type StoredLog } from "../aggregator/stored-log.ts";
import { readStoredSeries, type Series } from "../aggregator/stored-series.ts";
import { type ChannelName, channelNames } from "../alerts/alert-config.ts";
import type { Received } from "../alerts/receiver.ts";
import { byAlert, notificationsOf, sentBy, summaryOf } from "../alerts/sequences.ts";
import type { Chain } from "../chain/chain.ts";
import { tellAll } from "../chain/tell-chain.ts";
import { verdictProblems, verdictsOf } from "../chain/verdicts.ts";
import { compared } from "../compare/compared.ts";
import { type Samples, samplesOf, samplesWithoutArrival, totalsOf } from "../compare/metrics.ts";
import { bySeries, withoutArrival, withoutReceipt } from "../compare/statistics.ts";
import type { Batch } from "../load/batch.ts";
import { Uninterrupted } from "../uninterrupted.ts";

export interface Outcome {
  /** Whose statistics are compared. Default: "", the aggregator's own. */
  readonly desk?: string;
  /** Data directory of the aggregator, which has ended. */
  readonly data: string;
  /** What was sent, in the order it was made. All of it was acknowledged. */
  readonly sent: readonly Batch[];
  /** What the aggregator served last. */
  readonly served: Served;
  readonly backlog: boolean;
  /** What there was of a chain, all of it told. */
  readonly chain?: ChainOutcome | undefined;
  /** What each channel was told of the desk's alerts, repeats dropped; undefined: there was none. */
  readonly told?: Readonly<Record<ChannelName, readonly Received[]>> | undefined;
}

export interface ChainOutcome {
  readonly chain: Chain;
  readonly question: ReportQuestion;
  /** What the aggregator answered to it, at the time of what it served. */
  readonly report: MevReport;
}

/** All that a data directory holds, and what an aggregator served from it. */
interface Found extends Outcome {
  readonly desk: string;
  readonly log: StoredLog;
  readonly series: Series;
  readonly history: Tables;
}

/**
 * Compares what an interrupted aggregator says of a desk with two engines that nothing interrupted: one that was given the
 * batches as they were made, each once and in order; and one that was given the aggregator's own log. The first would find
 * what the log lost or holds wrongly, the second is equal to the last digit, times of receipt and ticks included.
 *
 * @returns what is wrong
 */
export async function verify(outcome: Outcome): Promise<string[]> {
  const { desk = "", data, sent, served } = outcome;
  const found: Found = {
    ...outcome,
    desk,
    log: readStoredLog(data),
    series: readStoredSeries(data, desk),
    history: readStoredHistory(data, desk),
  };
  const problems = [
    ...compared("history as it is read", rowsOf(found.history, "trades"), await readTrades(found)),
    ...(await againstLog(found)),
    ...(await againstSent(found)),
    ...(outcome.told === undefined
      ? []
      : compared("notified, history", sentBy(rowsOf(found.history, "alerts")), summaryOf(outcome.told.all))),
    ...compared("spans received", spansOf(desk, sent), receivedServed(served)),
  ];
  return desk === "" ? problems : problems.map((problem) => `${desk}: ${problem}`);
}

/** As the command line reads them. */
async function readTrades({ data, desk }: Found): Promise<readonly unknown[]> {
  const reader = openEmbeddedReader(data);
  try {
    const rows = await reader.rows({ table: "trades", desk });
    // As the file's rows are given: without their desk.
    return rows.map((row) => rowOfDesk(row, ""));
  } finally {
    await reader.close();
  }
}

async function againstLog(found: Found): Promise<string[]> {
  const { desk, data, served, backlog, log, series, history, chain, told: notified } = found;
  const replay = replayLog(data);
  const replayed = desk === "" ? replay.current : replay.others.get(desk);
  if (replayed === undefined) return ["a replay has no such desk"];
  if (log.droppedThrough > 0) {
    // What came after `served` are ticks, which move nothing while a backlog is sent.
    if (!backlog) return [];
    const [shown, again] = [withoutReceipt(served.current), withoutReceipt(replayed)];
    return compared("replay from a checkpoint", bySeries(shown), bySeries(again));
  }
  const upToServed = new Uninterrupted(desk);
  const whole = new Uninterrupted(desk);
  for (const { position, record } of log.records) {
    if (position <= served.from) await upToServed.apply(record);
    await whole.apply(record);
  }
  const problems = await againstPositions(found, upToServed);
  return [
    ...problems,
    ...compared("log, series", await whole.series(), series),
    ...compared("log, history", whole.history(), history),
    ...(notified === undefined
      ? []
      : channelNames.flatMap((channel) => {
          const expected = byAlert(notificationsOf(channel, whole.alerts));
          return compared(`log, notified ${channel}`, expected, byAlert(notified[channel]));
        })),
    ...(chain === undefined
      ? []
      : compared("log, report", asJson(await upToServed.report(chain.question)), chain.report)),
    ...compared("log, duplicates", duplicatesOf(desk, log), duplicatesServed(served)),
    // As text: replayed is equal to the last byte.
    ...compared("log, replay", JSON.stringify(whole.current()), JSON.stringify(replayed)),
  ];
}

/**
 * Compares each page with the engine at the positions of which it may be: at one of them it must be equal.
 * @param made the engine at the first of them; afterwards it is at the last
 */
async function againstPositions(found: Found, made: Uninterrupted): Promise<string[]> {
  const { served, log } = found;
  const between = log.records.filter(({ position }) => position > served.from && position <= served.to);
  const statistics = (): string[] =>
    compared("log, statistics", bySeries(made.current()), bySeries(served.current));
  const metrics = (): string[] => compared("log, metrics", samplesOf(made.metrics()), ofEngine(found, made));
  let [ofStatistics, ofMetrics] = [statistics(), metrics()];
  for (const { record } of between) {
    if (ofStatistics.length + ofMetrics.length === 0) break;
    await made.apply(record);
    if (ofStatistics.length > 0 && statistics().length === 0) ofStatistics = [];
    if (ofMetrics.length > 0 && metrics().length === 0) ofMetrics = [];
  }
  return [...ofStatistics, ...ofMetrics];
}

async function againstSent(found: Found): Promise<string[]> {
  const { desk, sent, history, chain } = found;
  const made = new Uninterrupted(desk);
  const receivedMs = Date.now();
  for (const batch of sent) await made.applyBatch(batch, receivedMs);
  if (chain !== undefined) {
    await tellAll(made, chain.chain);
    const verdicts = verdictsOf(made.history());
    const problems = [
      ...compared("sent, verdicts", verdicts, verdictsOf(history)),
      ...verdictProblems(verdictsOf(history), chain.chain.truths),
    ];
    if (problems.length > 0) return problems;
  }
  const problems = await againstMade(made, found);
  if (problems.length === 0) return problems;
  // Verdicts, and a channel that failed, may take a minute, and windows are empty where nobody was heard of for so long.
  await made.apply({ receivedMs: receivedMs + 61_000, batch: { kind: "tick" } });
  return againstMade(made, found);
}

async function againstMade(made: Uninterrupted, found: Found): Promise<string[]> {
  const { served, backlog, series, history } = found;
  const [expected, actual] = [samplesOf(made.metrics()), ofEngine(found, made)];
  if (!backlog)
    return compared("sent, totals", withoutPassing(totalsOf(expected)), withoutPassing(totalsOf(actual)));
  const statistics = bySeries(withoutArrival(made.current()));
  return [
    ...compared("sent, statistics", statistics, bySeries(withoutArrival(served.current))),
    ...compared(
      "sent, metrics",
      withoutPassing(samplesWithoutArrival(expected)),
      withoutPassing(samplesWithoutArrival(actual)),
    ),
    ...compared("sent, series", told(await made.series()), told(series)),
    ...compared("sent, history", withoutVerdicts(made.history()), withoutVerdicts(history)),
  ];
}

/** The spans in the batches, each once. */
export function distinctSpans(batches: readonly Batch[]): Set<string> {
  return new Set(batches.flatMap(({ spans }) => spans));
}

function spansOf(desk: string, batches: readonly Batch[]): number {
  return [...distinctSpans(batches)].filter((span) => span.startsWith(`${desk}/`)).length;
}

function ofEngine({ desk, served }: Found, engine: Uninterrupted): Samples {
  return samplesOf(served.metrics, engine.metrics(), desk);
}

/** Spans of a desk that the log has more than once. */
function duplicatesOf(desk: string, { records }: StoredLog): number {
  const seen = new Set<string>();
  let all = 0;
  for (const { record } of records) {
    if (record.batch.kind !== "traces") continue;
    for (const { trace0, trace1, trace2, trace3, span0, span1, resource, attributes } of record.batch.spans) {
      const isOwn =
        attributes[attribute.slipstreamCanary] !== true || attributes[attribute.slipstreamSeq] !== undefined;
      // A canary that its process did not number is no span of its service.
      if (resource.desk !== desk || !isOwn) continue;
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

/** Without verdicts that were passed through: none is left of them, or there never was one. */
function withoutPassing(samples: Samples): Samples {
  return new Map(
    [...samples].filter(([key, value]) => value !== "0" || !key.startsWith("slipstream_mev_trades{")),
  );
}

/** A verdict beyond the horizon of amendment changes no instant, so that instants depend on when it came. */
function told(series: Series): Series {
  return new Map(
    [...series].map(([timeMs, { mev_avoidance_rate: _, ...values }]) => [timeMs, values] as const),
  );
}

/** They are compared by themselves; alerts, and which canaries are kept, go by when something was received. */
function withoutVerdicts(tables: Tables): Tables {
  return new Map([...tables].filter(([table]) => !["mev_verdicts", "alerts", "canaries"].includes(table)));
}

function asJson<T>(value: T): unknown {
  return JSON.parse(JSON.stringify(value));
}
