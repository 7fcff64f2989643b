import { type CurrentStatistics, Desks } from "@slipstream/engine";
import { BEGINNING, numberOf, type Position } from "../log/position.ts";
import { readLog } from "../log/read-log.ts";
import { isStanding } from "../log/records/decode-record.ts";
import { LogPipeline } from "../pipeline/log-pipeline.ts";
import { type Base, readBase } from "./base.ts";

export interface ReplayOptions {
  /** Only what was received from this time on, Unix ms: the statistics of that span of time, begun with nothing. */
  readonly fromMs?: number | undefined;
  /** Only what was received before this time, Unix ms: the statistics as they stood then. */
  readonly toMs?: number | undefined;
  /** Told now and then how far it is. */
  readonly onProgress?: ((progress: ReplayProgress) => void) | undefined;
}

export interface ReplayProgress {
  readonly records: number;
  readonly spans: number;
  readonly position: Position;
}

export interface Replay extends ReplayProgress {
  /** Of the aggregator's own desk. */
  readonly current: CurrentStatistics;
  /** The own desk's name; "" if it has none. */
  readonly ownDesk: string;
  /** The statistics of the other desks, by their names. */
  readonly others: ReadonlyMap<string, CurrentStatistics>;
  /** Position of the checkpoint that it began with; `BEGINNING`: with nothing. */
  readonly base: Position;
  /** Records that the log has lost between those that were read. */
  readonly missing: number;
  /** Times of receipt of the first and the last record, Unix ms; undefined where there was none. */
  readonly receivedMs: { readonly first: number; readonly last: number } | undefined;
  /** How long it took. */
  readonly seconds: number;
}

const TELL_EVERY = 256;

/**
 * Computes every statistic anew from a log, which an aggregator may be writing to meanwhile. The result is a function of the
 * log alone, so it equals what the aggregator shows once it has applied the same records.
 *
 * @param directory the data directory
 * @throws SlipstreamError `base_missing`, and what `readLog` throws
 */
export function replayLog(directory: string, options: ReplayOptions = {}): Replay {
  const { fromMs = Number.NEGATIVE_INFINITY, toMs = Number.POSITIVE_INFINITY, onProgress } = options;
  const beganMs = performance.now();
  const from = fromMs === Number.NEGATIVE_INFINITY ? readBase(directory) : undefined;
  const desks = from === undefined ? new Desks() : restore(from);
  const pipeline = new LogPipeline({ engine: desks });
  const base = from?.checkpoint.position ?? BEGINNING;
  let [records, spans, first, last] = [0, 0, Number.NaN, Number.NaN];
  let position = base;
  let missing = 0;
  // What a log lacks at its beginning was dropped.
  let reached = from === undefined ? undefined : numberOf(base);
  for (const record of readLog(directory, base)) {
    if (record.receivedMs >= toMs) break;
    const number = numberOf(record.position);
    if (record.receivedMs >= fromMs && reached !== undefined) missing += number - reached - 1;
    reached = number;
    // What was configured before holds all the same.
    if (record.receivedMs < fromMs && !isStanding(record)) continue;
    const { batch } = pipeline.take(record).record;
    if (records === 0) first = record.receivedMs;
    last = record.receivedMs;
    position = record.position;
    records += 1;
    spans += batch.kind === "traces" ? batch.spans.length : 0;
    if (records % TELL_EVERY === 0) onProgress?.({ records, spans, position });
  }
  return {
    current: desks.own.current(),
    ownDesk: desks.options.desks?.own ?? "",
    others: new Map(desks.others.map((name) => [name, (desks.engineOf(name) ?? desks.own).current()])),
    records,
    spans,
    position,
    base,
    missing,
    receivedMs: records === 0 ? undefined : { first, last },
    seconds: (performance.now() - beganMs) / 1_000,
  };
}

function restore({ checkpoint: { state, seen }, began }: Base): Desks {
  return Desks.restore(state, seen, {}, began);
}
