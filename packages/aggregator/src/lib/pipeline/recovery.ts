import {
  completeOptions,
  Engine,
  type EngineConfig,
  type EngineDuties,
  sameOptions,
} from "@slipstream/engine";
import type { Log } from "../log/log.ts";
import { options as optionsKind } from "../log/records/options.ts";
import { newRecord } from "../log/records/record-kind.ts";
import type { Logger } from "../logger.ts";
import type { StateStore } from "../state/state-store.ts";
import type { Journal } from "./journal.ts";
import type { Pipeline } from "./pipeline.ts";

const PROGRESS_MS = 1_000;

export interface ResumeOptions {
  readonly log: Log;
  readonly store: StateStore;
  /** For an engine that begins with nothing. One that goes on has the options it had; the log tells of changes. */
  readonly options: EngineConfig;
  readonly logger: Logger;
}

export interface Resumed {
  readonly engine: Engine;
  /** Position of the newest record that the engine has applied. */
  readonly position: number;
}

const duties: EngineDuties = { trackSeen: true, history: true };

/** The engine as the newest usable checkpoint has it; one that has seen nothing where there is none. */
export async function resumeEngine({ log, store, options, logger }: ResumeOptions): Promise<Resumed> {
  const { checkpoint, passedOver } = await store.resume(log.position);
  for (const reason of passedOver) logger.warn({}, `While recovering, ${reason}`);
  if (checkpoint !== undefined) {
    const { state, seen, position } = checkpoint;
    return { engine: Engine.restore(state, seen, duties), position };
  }
  const position = log.droppedThrough;
  if (position > 0) {
    logger.warn(
      { droppedThrough: position },
      "The statistics begin anew: there is no usable checkpoint, and the log's beginning is no longer kept",
    );
  }
  return { engine: new Engine(options, duties), position };
}

export interface CatchUpOptions {
  readonly log: Log;
  /** Position of the newest record that was applied already. */
  readonly after: number;
  readonly pipeline: Pipeline;
  /** Resolves once there is room for what is published. */
  readonly settled: () => Promise<void>;
  readonly logger: Logger;
}

/**
 * Applies what the log holds beyond the engine's position. What is published on the way goes to the sinks again: they may
 * have missed it when the process ended.
 */
export async function catchUp({ log, after, pipeline, settled, logger }: CatchUpOptions): Promise<void> {
  const beganMs = performance.now();
  let toldMs = beganMs;
  let records = 0;
  for await (const record of log.read(after)) {
    pipeline.take(record);
    records += 1;
    await settled();
    if (performance.now() - toldMs < PROGRESS_MS) continue;
    toldMs = performance.now();
    logger.info({ done: record.position, total: log.position }, "Reading the log");
  }
  if (after === 0 && records === 0) return;
  const ms = Math.round(performance.now() - beganMs);
  logger.info({ checkpoint: after, records, ms }, "The statistics stand where they stood");
}

/** What the engine is configured with, as a record where it differs from what the log says, or the log says nothing. */
export async function commitChangedOptions(parts: {
  readonly journal: Journal;
  readonly log: Log;
  readonly engine: Engine;
  readonly options: EngineConfig;
  /** Unix ms. */
  readonly now: () => number;
}): Promise<void> {
  const configured = completeOptions(parts.options);
  if (parts.log.position > 0 && sameOptions(parts.engine.options, configured)) return;
  await parts.journal.commit(newRecord(optionsKind, parts.now(), configured));
}
