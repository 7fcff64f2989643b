import { setImmediate as nextTurn } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { Rule } from "@slipstream/alerts";
import {
  completeOptions,
  Desks,
  type EngineConfig,
  type EngineDuties,
  SEEN_PART,
  type Since,
  sameOptions,
} from "@slipstream/engine";
import type { Log } from "../log/log.ts";
import { BEGINNING, isAfter, type Position, printPosition } from "../log/position.ts";
import { options as optionsKind } from "../log/records/options.ts";
import { newRecord } from "../log/records/record-kind.ts";
import { rules as rulesKind } from "../log/records/rules.ts";
import type { Logger } from "../logger.ts";
import { type CheckpointId, checkpointsToContinue, type KnownCheckpoint } from "../state/checkpoint.ts";
import type { StateStore } from "../state/state-store.ts";
import type { Journal } from "./journal.ts";
import type { LogPipeline } from "./log-pipeline.ts";

const PROGRESS_MS = 1_000;
/** The log's thread may answer so fast that signals and timers are not looked at before the end. */
const TURN_MS = 100;

export interface ResumeOptions {
  readonly log: Log;
  readonly store: StateStore;
  /**
   * For desks that begin with nothing. Those that continue have the options they had; changes are in the
   * log.
   */
  readonly options: EngineConfig;
  readonly logger: Logger;
}

export interface Resumed {
  readonly desks: Desks;
  /** Position of the newest record that they have applied. */
  readonly position: Position;
}

const duties: EngineDuties = { trackSeen: true, history: true };

/** Desks that continue a checkpoint. */
interface Restored extends Resumed {
  readonly id: CheckpointId;
  /** Names of the parts that the checkpoint has. */
  readonly parts: ReadonlySet<string>;
}

/**
 * The desks as a checkpoint has them: of those that the log continues from, the newest of which no part is
 * missing, else the one of which the fewest are. If there is none, desks that have seen nothing.
 */
export async function resumeDesks({ log, store, options, logger }: ResumeOptions): Promise<Resumed> {
  const known = await store.knownCheckpoints();
  const usable = checkpointsToContinue(known, log);
  for (const { position } of known.filter(({ position }) => isAfter(position, log.position)))
    logger.warn(
      { position: printPosition(position), log: printPosition(log.position) },
      "Skipping a checkpoint that is ahead of the log",
    );
  const restored = await restoreBest({ log, store, logger }, usable);
  if (restored === undefined) {
    const position = log.droppedThrough;
    if (isAfter(position, BEGINNING))
      logger.warn(
        { droppedThrough: printPosition(position) },
        "Statistics begin with the oldest record of the log: no checkpoint holds what came before it",
      );
    return { desks: new Desks(options, duties), position };
  }
  const { desks, position, id, parts } = restored;
  const checkpoint = printPosition(position);
  const lost = [...desks.lost];
  const added = lost.flatMap(([part]) => (parts.has(part) ? [] : [part]));
  if (added.length > 0)
    logger.info({ parts: added, checkpoint }, "New parts of the statistics begin to count");
  for (const [part, reason] of lost.filter(([name]) => parts.has(name)))
    logger.warn({ part, reason, checkpoint }, "A part of the statistics cannot be read and begins again");
  for (const { desk, added, unreadable } of desks.lostOfOthers) {
    if (added.length > 0)
      logger.info({ desk, parts: added, checkpoint }, "New parts of the statistics begin to count");
    for (const [part, reason] of unreadable)
      logger.warn(
        { desk, part, reason, checkpoint },
        "A part of the statistics cannot be read and begins again",
      );
  }
  store.continueFrom(desks.lost.has(SEEN_PART) ? undefined : id);
  return { desks, position };
}

/**
 * The first that is read as a whole, else that of which most is. undefined: the log has more than any of
 * them.
 */
async function restoreBest(
  { log, store, logger }: Omit<ResumeOptions, "options">,
  usable: readonly KnownCheckpoint[],
): Promise<Restored | undefined> {
  let best: (Restored & { readonly unread: number }) | undefined;
  for (const id of usable) {
    const { absent, unreadable } = id.missing;
    if (best !== undefined && best.desks.lost.size <= absent + unreadable) break;
    const checkpoint = await store.readCheckpoint(id);
    if (checkpoint === undefined) {
      logger.warn({ checkpoint: printPosition(id.position) }, "Skipping a damaged checkpoint");
      continue;
    }
    const { state, seen, position } = checkpoint;
    const desks = Desks.restore(state, seen, duties, logBegan(log));
    const unread = desks.lost.size - absent;
    if (best === undefined || desks.lost.size < best.desks.lost.size)
      best = { desks, position, id, unread, parts: new Set(Object.keys(state.parts)) };
  }
  if (best === undefined || best.unread === 0 || isAfter(log.droppedThrough, BEGINNING)) return best;
  logger.warn(
    { checkpoint: printPosition(best.position) },
    "Skipping a checkpoint that cannot be read in full: the log is complete",
  );
  return undefined;
}

/**
 * Since when a state counts that does not say it: since the log began, if the log is whole; else for longer
 * than that.
 */
function logBegan(log: Log): Since | undefined {
  const ms = log.segments()[0]?.fromMs;
  return ms === undefined ? undefined : { ms, exact: !isAfter(log.droppedThrough, BEGINNING) };
}

export interface CatchUpOptions {
  readonly log: Log;
  /** Position of the newest record that was applied already. */
  readonly after: Position;
  readonly pipeline: LogPipeline;
  /** Resolves once there is room for what is published. */
  readonly settled: () => Promise<void>;
  readonly logger: Logger;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Applies the records after the desks' position. What is published on the way goes to the sinks again: they
 * may have missed it when the process ended. Rejects with the signal's reason if it aborts.
 */
export async function catchUp(options: CatchUpOptions): Promise<void> {
  const { log, after, pipeline, settled, logger, signal } = options;
  const beganMs = performance.now();
  let toldMs = beganMs;
  let turnMs = beganMs;
  let records = 0;
  for await (const record of log.read(after)) {
    pipeline.take(record);
    records += 1;
    await settled();
    if (performance.now() - turnMs >= TURN_MS) {
      await nextTurn();
      turnMs = performance.now();
    }
    signal?.throwIfAborted();
    if (performance.now() - toldMs < PROGRESS_MS) continue;
    toldMs = performance.now();
    logger.info(
      { done: printPosition(record.position), total: printPosition(log.position) },
      "Reading the log",
    );
  }
  if (!isAfter(after, BEGINNING) && records === 0) return;
  const ms = Math.round(performance.now() - beganMs);
  logger.info({ checkpoint: printPosition(after), records, ms }, "Statistics recovered");
}

/**
 * Appends a record of the configured options if they differ from those in the log, or if the log has none.
 */
export async function commitChangedOptions(parts: {
  readonly journal: Journal;
  readonly log: Log;
  readonly desks: Desks;
  readonly options: EngineConfig;
  /** Unix ms. */
  readonly now: () => number;
}): Promise<void> {
  const configured = completeOptions(parts.options);
  if (isAfter(parts.log.position, BEGINNING) && sameOptions(parts.desks.options, configured)) return;
  await parts.journal.commit(newRecord(optionsKind, parts.now(), configured));
}

/** Appends a record of the alert rules if they differ from those in force. */
export async function commitChangedRules(parts: {
  readonly journal: Pick<Journal, "commit">;
  readonly desks: Desks;
  readonly rules: readonly Rule[];
  /** Unix ms. */
  readonly now: () => number;
}): Promise<void> {
  const { journal, desks, rules, now } = parts;
  if (isDeepStrictEqual(desks.own.alerts.rules, rules)) return;
  await journal.commit(newRecord(rulesKind, now(), rules));
}
